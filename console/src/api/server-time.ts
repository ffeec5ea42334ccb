let offsetMs = 0;

/** The clock of a shared desk may be wrong; what is sent with a time follows the server's (header Date, RFC 9110). */
export function rememberServerTime(date: string | null, receivedAtMs = Date.now()): void {
  const at = date === null ? NaN : Date.parse(date);
  // The header counts whole seconds.
  if (!Number.isNaN(at)) offsetMs = Math.abs(at - receivedAtMs) < 2_000 ? 0 : at - receivedAtMs;
}

export function serverNowMs(): number {
  return Date.now() + offsetMs;
}
