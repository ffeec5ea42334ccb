/** Compiled, never run: a route without an access rule, or with the wrong kind of operation, is a type error. */
import { anyone, open } from '../../src/http/access.js';
import { whoAmI } from '../../src/http/api/session.js';
import { live } from '../../src/http/operate.js';
import { get, type Route } from '../../src/http/route.js';

get('/me', anyone, whoAmI);
get('/health/live', open('says nothing about anybody'), live);

// @ts-expect-error no access rule
get('/me', whoAmI);
// @ts-expect-error no access rule
const bare: Route = { method: 'get', path: '/me', operation: whoAmI };
// @ts-expect-error an operation that needs to know its caller cannot be open
get('/me', open('mistake'), whoAmI);

export const routes: readonly Route[] = [bare];
