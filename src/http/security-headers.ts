import type { RequestHandler } from 'express';
import helmet from 'helmet';

const DIRECTIVES = {
  'default-src': ["'none'"],
  'style-src': ["'self'"],
  'img-src': ["'self'", 'data:'],
  'base-uri': ["'none'"],
  'form-action': ["'self'"],
  'frame-ancestors': ["'none'"],
};

/** The policy of a page that has one script file of this host (docs/adr/0020-links-without-an-account.md). */
export const POLICY_WITH_SCRIPT = Object.entries({ ...DIRECTIVES, 'script-src': ["'self'"] })
  .map(([name, sources]) => [name, ...sources].join(' '))
  .join(';');

/**
 * Headers of every answer. Nothing is cached anywhere: an answer belongs to the caller who asked (threat 37). Pages have
 * no script at all, but for the one that reads a link's fragment; styles come from this host (threat 35).
 */
export function securityHeaders(production: boolean): RequestHandler[] {
  return [
    helmet({
      contentSecurityPolicy: { useDefaults: false, directives: DIRECTIVES },
      frameguard: { action: 'deny' },
      referrerPolicy: { policy: 'no-referrer' },
      strictTransportSecurity: production ? { maxAge: 31_536_000, includeSubDomains: true } : false,
    }),
    (_request, response, next) => {
      response.setHeader('cache-control', 'no-store');
      response.setHeader('permissions-policy', 'camera=(), geolocation=(), microphone=()');
      next();
    },
  ];
}
