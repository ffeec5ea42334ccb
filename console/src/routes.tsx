import { lazy, Suspense, type ComponentType, type ReactElement } from 'react';
import { Route, Router, Switch } from 'wouter';
import { ADMIN_PAGES } from './admin/routes.js';
import { Loading } from './kit/Loading.js';
import { PageBoundary } from './shell/PageBoundary.js';
import { SessionGate } from './shell/SessionGate.js';

/** Every page, each loaded when it is first opened. */
const PAGES: readonly (readonly [path: string, page: ComponentType])[] = [
  ['/', lazy(async () => ({ default: (await import('./shell/Home.js')).Home }))],
  ['/find', lazy(async () => ({ default: (await import('./find/FindPage.js')).FindPage }))],
  ['/open', lazy(async () => ({ default: (await import('./find/OpenPage.js')).OpenPage }))],
  ['/cases/:caseId', lazy(async () => ({ default: (await import('./file/FilePage.js')).FilePage }))],
  ['/cases/:caseId/send', lazy(async () => ({ default: (await import('./send/SendPage.js')).SendPage }))],
  ['/cases/:caseId/write', lazy(async () => ({ default: (await import('./write/WritePage.js')).WritePage }))],
  [
    '/cases/:caseId/write/:list/:entryId',
    lazy(async () => ({ default: (await import('./write/WritePage.js')).WritePage })),
  ],
  ['/transfers/:transferId', lazy(async () => ({ default: (await import('./follow/TransferPage.js')).TransferPage }))],
  [
    '/transfers/:transferId/receipt',
    lazy(async () => ({ default: (await import('./follow/ReceiptPage.js')).ReceiptPage })),
  ],
  ...ADMIN_PAGES,
];
const SignedIn = lazy(async () => ({ default: (await import('./shell/SignedIn.js')).SignedIn }));
const NotFound = lazy(async () => ({ default: (await import('./shell/NotFound.js')).NotFound }));

export function Routes(): ReactElement {
  return (
    <Router base="/console">
      <PageBoundary>
        <Suspense fallback={<Loading />}>
          <Switch>
            <Route path="/signed-in" component={SignedIn} />
            <Route>
              <SessionGate>
                <Suspense fallback={<Loading />}>
                  <Switch>
                    {PAGES.map(([path, page]) => (
                      <Route key={path} path={path} component={page} />
                    ))}
                    <Route component={NotFound} />
                  </Switch>
                </Suspense>
              </SessionGate>
            </Route>
          </Switch>
        </Suspense>
      </PageBoundary>
    </Router>
  );
}
