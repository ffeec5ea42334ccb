const MAX_LENGTH = 1024;

/**
 * A path of this host to return to after sign-in. Everything a browser could read as another host (`//evil`, `/\evil`,
 * tabs and line breaks that parsers drop) becomes `/` (open redirect, CWE-601).
 */
export function localPath(input: string | undefined): string {
  if (input === undefined || input.length > MAX_LENGTH || !/^\/(?![/\\])[^\\\s\p{Cc}]*$/u.test(input)) return '/';
  const here = 'https://relais.invalid';
  const url = URL.parse(input, here);
  if (url?.origin !== here) return '/';
  // `/a/..//evil` resolves to `//evil`.
  return url.pathname.startsWith('//') ? '/' : `${url.pathname}${url.search}${url.hash}`;
}
