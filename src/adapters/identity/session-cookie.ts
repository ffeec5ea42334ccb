import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * Cookies of the console. Over https they carry the `__Host-` prefix (RFC 6265bis section 4.1.3.2): Secure, for this
 * host alone, path `/`; a sibling domain cannot plant one. The demo on plain http uses names without the prefix.
 */
export interface CookieJar {
  readonly session: string;
  readonly attempt: string;
  /** `Set-Cookie` value; an empty value deletes. */
  write(name: string, value: string, maxAgeSeconds: number): string;
  /** @param header the request's `Cookie` header; a name that comes twice is not trusted */
  read(header: string | undefined, name: string): string | null;
}

const SECRET = /^[A-Za-z0-9_-]{43}$/;

export function createCookieJar(publicUrl: string): CookieJar {
  const secure = publicUrl.startsWith('https://');
  const prefix = secure ? '__Host-' : '';
  return {
    session: `${prefix}relais-session`,
    attempt: `${prefix}relais-sign-in`,
    write(name, value, maxAgeSeconds) {
      // Lax: the session must come along when the sign-in or the agency's own software links here.
      const attributes = `Path=/; HttpOnly; SameSite=Lax; Max-Age=${value === '' ? 0 : maxAgeSeconds}`;
      return `${name}=${value}; ${attributes}${secure ? '; Secure' : ''}`;
    },
    read: readCookie,
  };
}

/** The secret of a cookie in the request's `Cookie` header; a name that comes twice is not trusted. */
export function readCookie(header: string | undefined, name: string): string | null {
  const values = (header ?? '').split(';').flatMap((pair) => {
    const [key, value] = pair.trim().split('=', 2);
    return key === name && value !== undefined ? [value] : [];
  });
  const [value] = values;
  return values.length === 1 && value !== undefined && SECRET.test(value) ? value : null;
}

/** 256 random bits, base64url. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** What the store keeps of a cookie: SHA-256, hex. A stolen table opens no session. */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** A value for one use, computed from the cookie's secret so that it need not be stored (HMAC-SHA-256, base64url). */
export function derive(secret: string, use: 'csrf' | 'state' | 'nonce' | 'pkce'): string {
  return createHmac('sha256', secret).update(`relais/${use}`).digest('base64url');
}

export function sameSecret(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
