import { MantineProvider } from '@mantine/core';
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { isProblem } from './api/problem.js';
import { Routes } from './routes.js';
import { theme, variables } from './theme.js';

const queries = new QueryClient({
  queryCache: new QueryCache(),
  mutationCache: new MutationCache(),
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      // Each look at what others sent is written down; coming back to a window is no reason to look.
      refetchOnWindowFocus: false,
      // A refusal stays a refusal; a network that is gone may come back.
      retry: (failures, error) => failures < 2 && isProblem(error) && (error.code === 'network' || error.status >= 500),
    },
    // What changes something is never repeated by itself: a person sees that it failed and decides.
    mutations: { retry: false },
  },
});

export function App({ nonce }: { readonly nonce: string }): ReactElement {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variables}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      <QueryClientProvider client={queries}>
        <Routes />
      </QueryClientProvider>
    </MantineProvider>
  );
}
