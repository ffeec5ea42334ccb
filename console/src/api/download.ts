import i18next from 'i18next';
import { isProblem, Problem } from './problem.js';
import { SESSION_ENDED } from './call.js';

/** Hands text to the browser as a file to keep; nothing of it goes into an address. */
export function saveText(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // After the browser has taken it.
  window.setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/**
 * Text that is no JSON, in the language of the page.
 *
 * @throws Problem as `call` does
 */
export async function readText(path: string, accept: string): Promise<string> {
  try {
    const response = await fetch(path, {
      credentials: 'same-origin',
      cache: 'no-store',
      headers: { accept: `${accept}, application/problem+json;q=0.9`, 'accept-language': i18next.language },
    });
    const text = await response.text();
    if (response.ok) return text;
    if (response.status === 401) window.dispatchEvent(new Event(SESSION_ENDED));
    throw new Problem(response.status, JSON.parse(text) as Record<string, unknown>);
  } catch (error) {
    if (isProblem(error)) throw error;
    throw new Problem(0, { code: 'network', detail: i18next.t('error.network') });
  }
}
