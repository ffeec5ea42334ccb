import type { IncomingMessage } from 'node:http';
import { RelaisError } from '../kernel/errors.js';
import { requireRole, requireScope } from '../transfer/identity-ports.js';
import type { AccessKind } from '../transfer/access-link-ports.js';
import type { Principal, Scope, StaffRole } from '../transfer/principal.js';

/** Anybody on the network, with the reason why that is right. */
export interface OpenAccess {
  readonly kind: 'open';
  readonly because: string;
}

/** A process on this machine, or staff with one of the roles. */
export interface LocalAccess {
  readonly kind: 'local';
  readonly roles: readonly [StaffRole, ...StaffRole[]];
}

/** A partner whose token holds `scope`, or staff with one of `roles`; what is not named is denied. */
export interface RestrictedAccess {
  readonly kind: 'restricted';
  /** `any`: every partner; null: no partner. */
  readonly scope: Scope | 'any' | null;
  /** `any`: every role; empty: no staff. */
  readonly roles: readonly StaffRole[] | 'any';
}

/** Whoever opened a link of this kind, by the session that it gave them. */
export interface LinkAccess {
  readonly kind: 'link';
  readonly holder: AccessKind;
}

export type Access = LinkAccess | OpenAccess | LocalAccess | RestrictedAccess;

export const open = (because: string): OpenAccess => ({ kind: 'open', because });
export const localOr = (...roles: readonly [StaffRole, ...StaffRole[]]): LocalAccess => ({ kind: 'local', roles });
export const allow = (scope: Scope, ...roles: readonly StaffRole[]): RestrictedAccess => ({
  kind: 'restricted',
  scope,
  roles,
});
export const staff = (...roles: readonly [StaffRole, ...StaffRole[]]): RestrictedAccess => ({
  kind: 'restricted',
  scope: null,
  roles,
});
/** Whoever is signed in with a role. */
export const anyStaff: RestrictedAccess = { kind: 'restricted', scope: null, roles: 'any' };
export const holderOf = (holder: AccessKind): LinkAccess => ({ kind: 'link', holder });
export const anyone: RestrictedAccess = { kind: 'restricted', scope: 'any', roles: 'any' };

/**
 * @throws RelaisError 403 `auth.scope-missing` or `auth.role-missing`; whoever came by a link is nobody here
 */
export function authorize(access: RestrictedAccess | LocalAccess, principal: Principal): void {
  if (principal.via === 'access-link') {
    throw new RelaisError('auth.token-missing', 401, 'login', 'This call needs an access token or a session.');
  }
  if (principal.via === 'staff-session') {
    if (access.roles === 'any') {
      if (principal.roles.size > 0) return;
      throw new RelaisError('auth.role-missing', 403, 'forbidden', 'This call needs a role.');
    }
    if (access.roles.length === 0) throw notForStaff();
    return requireRole(principal, ...access.roles);
  }
  const scope = access.kind === 'restricted' ? access.scope : null;
  if (scope === null) {
    throw new RelaisError('auth.staff-only', 403, 'forbidden', 'This call is for staff who are signed in.');
  }
  if (scope !== 'any') requireScope(principal, scope);
}

function notForStaff(): RelaisError {
  return new RelaisError('auth.partner-only', 403, 'forbidden', 'This call is for the systems of partners.');
}

/**
 * True for a process on this machine that speaks for itself. A request with forwarding headers came through a proxy,
 * which makes every caller look local.
 */
export function isLocal(request: IncomingMessage): boolean {
  const address = request.socket.remoteAddress ?? '';
  const loopback = address === '::1' || /^(::ffff:)?127\./.test(address);
  return loopback && !['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'].some((name) => name in request.headers);
}
