import { RelaisError } from '../../kernel/errors.js';
import type { AccessDoor, AccessSessions } from '../../transfer/access-link-ports.js';
import type { Clock } from '../../kernel/clock.js';
import { createSourceLimit } from './limit-source.js';
import { derive, hashOf, newSecret, readCookie } from './session-cookie.js';

/** Everything that a link opens lies under it; the cookie goes nowhere else. */
export const ACCESS_PATH = '/access';

/**
 * The door of whoever has a link and a code. The session is a new random secret that only its cookie holds; it is not
 * told to any page's script, to no other site and to no other path of this host, and ends with the browser at the latest.
 */
export function createAccessDoor(options: {
  readonly publicUrl: string;
  readonly sessions: AccessSessions;
  readonly clock: Clock;
}): AccessDoor {
  const { publicUrl, sessions } = options;
  const limit = createSourceLimit(options.clock);
  const secure = publicUrl.startsWith('https://');
  // `__Host-` would ask for the path `/` (RFC 6265bis section 4.1.3); the narrower path is worth more here.
  const name = secure ? '__Secure-relais-access' : 'relais-access';
  const write = (value: string): string =>
    `${name}=${value}; Path=${ACCESS_PATH}; HttpOnly; SameSite=Strict${value === '' ? '; Max-Age=0' : ''}${secure ? '; Secure' : ''}`;

  return {
    async open({ token, code, requestId, source }) {
      limit.require(source);
      const secret = newSecret();
      const attempt = await sessions.tryCode({
        tokenHash: hashOf(token),
        code: code.replace(/\D/g, ''),
        sessionHash: hashOf(secret),
        requestId,
      });
      if (attempt.kind === 'opened') return { ...attempt, cookie: write(secret) };
      limit.refused(source);
      return attempt;
    },

    async askForCode({ token, requestId, source }) {
      limit.require(source);
      limit.refused(source);
      await sessions.askForCode({ tokenHash: hashOf(token), requestId });
    },

    async admit(cookieHeader) {
      const secret = readCookie(cookieHeader, name);
      const holder = secret === null ? null : await sessions.touch(hashOf(secret));
      if (secret === null || holder === null) {
        throw new RelaisError('access.closed', 403, 'expired', 'This page has been closed. Ask for a new link.');
      }
      const { kind, linkId, personId, recipientOrganizationId } = holder;
      const organizationId =
        kind === 'guest' ? (recipientOrganizationId ?? holder.organizationId) : holder.organizationId;
      return {
        actor:
          kind === 'person'
            ? { type: 'person', id: personId, organizationId }
            : { type: 'guest', id: linkId, organizationId },
        organizationId,
        via: 'access-link',
        scopes: new Set(),
        roles: new Set(),
        csrfToken: derive(secret, 'csrf'),
        holder,
      };
    },

    async leave(cookieHeader) {
      const secret = readCookie(cookieHeader, name);
      if (secret !== null) await sessions.close(hashOf(secret));
      return write('');
    },
  };
}
