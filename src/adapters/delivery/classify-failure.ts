import { AddressRefused } from './outbound.js';
import type { DeliveryCause } from './delivery-causes.js';

const UNREACHABLE = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'EADDRNOTAVAIL',
  'ETIMEDOUT',
]);
const TOO_SLOW = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);
/** OpenSSL's verification results as Node names them, and its own errors. */
const CERTIFICATE =
  /^(CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|EPROTO$)/;

/** What an error of the network or of the partner means. The error's message is never looked at. */
export function classifyFailure(error: unknown): DeliveryCause {
  for (const cause of chain(error)) {
    if (cause instanceof AddressRefused) return 'address-not-allowed';
    const code = (cause as { readonly code?: unknown }).code;
    if (typeof code !== 'string') continue;
    if (UNREACHABLE.has(code)) return 'unreachable';
    if (TOO_SLOW.has(code)) return 'no-answer-in-time';
    if (CERTIFICATE.test(code)) return 'secure-connection-failed';
  }
  return 'connection-lost';
}

/** The error, the errors it gathers (one per address that was tried) and its causes. */
function* chain(error: unknown, depth = 0): Generator<object> {
  if (typeof error !== 'object' || error === null || depth > 5) return;
  yield error;
  const { errors, cause } = error as { readonly errors?: unknown; readonly cause?: unknown };
  if (Array.isArray(errors)) for (const inner of errors) yield* chain(inner, depth + 1);
  yield* chain(cause, depth + 1);
}
