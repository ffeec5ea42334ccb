import { expect } from 'vitest';
import { createBrowser } from '../adapters/identity/browser.js';
import type { Valmont } from './story.js';

export interface SignedIn {
  readonly cookie: string;
  readonly me: { readonly displayName: string; readonly csrfToken: string; readonly roles: readonly string[] };
}

/** Signs in through the gateway, the issuer and back, as a browser does. */
export async function signInTo(valmont: Valmont, user: string): Promise<SignedIn> {
  const { publicUrl } = valmont.world;
  const begun = await fetch(`${publicUrl}/signin`, { redirect: 'manual' });
  expect(begun.status).toBeGreaterThanOrEqual(302);
  const attempt = begun.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  const back = await createBrowser().choose(begun.headers.get('location')!, user);
  const finished = await fetch(back, { redirect: 'manual', headers: { cookie: attempt } });
  const cookie = finished.headers
    .getSetCookie()
    .map((line) => line.split(';')[0] ?? '')
    .filter((pair) => !pair.endsWith('='))
    .join('; ');
  const me = await fetch(`${publicUrl}/me`, { headers: { cookie } });
  expect(me.status).toBe(200);
  return { cookie, me: (await me.json()) as SignedIn['me'] };
}
