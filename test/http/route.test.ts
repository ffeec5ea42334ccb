import { describe, expect, it } from 'vitest';
import { anyone, open } from '../../src/http/access.js';
import { whoAmI } from '../../src/http/api/session.js';
import { live } from '../../src/http/operate.js';
import { get, type Route } from '../../src/http/route.js';
import { ROUTES } from '../../src/http/routes.js';

/** Compiled, never run: the lines marked are type errors, and the type check fails when one of them is not. */
function mistakes(): readonly Route[] {
  return [
    // @ts-expect-error no access rule
    get('/me', whoAmI),
    // @ts-expect-error no access rule
    { method: 'get', path: '/me', operation: whoAmI },
    // @ts-expect-error an operation that needs to know its caller cannot be open
    get('/me', open('mistake'), whoAmI),
  ];
}

describe('the route table', () => {
  it('pairs every operation with an access rule; what is open says why', () => {
    expect(mistakes).toBeTypeOf('function');
    expect(get('/me', anyone, whoAmI).access).toBe(anyone);
    expect(get('/health/live', open('fixed words'), live).access).toEqual({ kind: 'open', because: 'fixed words' });
    for (const { path, access } of ROUTES) {
      if (access.kind === 'open') expect(access.because.length, path).toBeGreaterThan(20);
      else if (access.kind === 'restricted') expect(access.scope !== null || access.roles.length > 0, path).toBe(true);
    }
  });

  it('lets nobody unknown change anything but with a client assertion, or a link and its code', () => {
    const openChanges = ROUTES.filter(
      ({ method, access }) => method !== 'get' && ['open', 'local'].includes(access.kind),
    );
    expect(openChanges.map(({ path }) => path)).toEqual(['/access', '/access/ask', '/access/leave', '/oauth/token']);
  });
});
