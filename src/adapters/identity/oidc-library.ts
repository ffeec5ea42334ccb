/* eslint-disable no-console -- the library writes there, before it can be told otherwise */
/**
 * `oidc-provider` warns at import on Node 20, whose tests of ours pass (docs/dependencies.md); that one line would be
 * the first thing a newcomer reads. Every other warning of the library is printed.
 */
const printWarning = console.warn;
console.warn = (...words: unknown[]) => {
  if (!String(words[0]).includes('Unsupported runtime')) printWarning(...words);
};
const library = await import('oidc-provider').finally(() => {
  console.warn = printWarning;
});

export const Provider = library.Provider;
export const errors = library.errors;
export const interactionPolicy = library.interactionPolicy;
