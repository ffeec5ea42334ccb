import { createBrowserRouter } from 'react-router';
import { adminRoutes } from './admin/routes.js';
import { PageFailed } from './shell/PageFailed.js';
import { SessionGate } from './shell/SessionGate.js';

/** Every page, each loaded when it is first opened. */
export const router = createBrowserRouter(
  [
    { path: '/signed-in', lazy: async () => ({ Component: (await import('./shell/SignedIn.js')).SignedIn }) },
    {
      path: '/',
      Component: SessionGate,
      ErrorBoundary: PageFailed,
      children: [
        { index: true, lazy: async () => ({ Component: (await import('./shell/Home.js')).Home }) },
        { path: 'find', lazy: async () => ({ Component: (await import('./find/FindPage.js')).FindPage }) },
        { path: 'open', lazy: async () => ({ Component: (await import('./find/OpenPage.js')).OpenPage }) },
        { path: 'cases/:caseId', lazy: async () => ({ Component: (await import('./file/FilePage.js')).FilePage }) },
        {
          path: 'cases/:caseId/send',
          lazy: async () => ({ Component: (await import('./send/SendPage.js')).SendPage }),
        },
        {
          path: 'transfers/:transferId',
          lazy: async () => ({ Component: (await import('./follow/TransferPage.js')).TransferPage }),
        },
        {
          path: 'transfers/:transferId/receipt',
          lazy: async () => ({ Component: (await import('./follow/ReceiptPage.js')).ReceiptPage }),
        },
        ...adminRoutes,
        { path: '*', lazy: async () => ({ Component: (await import('./shell/NotFound.js')).NotFound }) },
      ],
    },
  ],
  { basename: '/console' },
);
