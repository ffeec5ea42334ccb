// The agency's software as it should be written: it asks either gateway, keeps its Idempotency-Key, and asks again until
// it is answered. It writes down what it was told and when: that is what the oracle holds the gateway to.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { SignJWT } from 'jose';

const PATIENCE_MS = 240_000;
const TIMEOUT_MS = 30_000;
/** What may change when it is asked again. */
const TRANSIENT = new Set([401, 408, 429, 500, 502, 503, 504]);

export function createClient({ bases, publicUrl, clientId, privateKey, kid, scope }) {
  let held;
  let turn = 0;
  /** One line for each request: when, how long, what came back. */
  const log = [];

  const token = async () => {
    if (held !== undefined && Date.now() < held.until) return held.token;
    const assertion = await new SignJWT({})
      .setProtectedHeader({ alg: 'ES384', typ: 'JWT', kid })
      .setIssuer(clientId)
      .setSubject(clientId)
      .setAudience(`${publicUrl}/oauth/token`)
      .setIssuedAt()
      .setExpirationTime('4m')
      .setJti(randomUUID())
      .sign(privateKey);
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      scope,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    });
    const answer = await fetch(`${bases[turn++ % bases.length]}/oauth/token`, {
      method: 'POST',
      body: form,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const body = await answer.json().catch(() => ({}));
    if (!answer.ok) throw Object.assign(new Error('No token'), { status: answer.status });
    held = { token: body.access_token, until: Date.now() + 200_000 };
    return held.token;
  };

  /** One request to one gateway. */
  const once = async (method, path, { body, headers = {}, base = bases[turn++ % bases.length] } = {}) => {
    const began = performance.now();
    const line = { method, path, at: Date.now(), base };
    try {
      const fhir = path.startsWith('/fhir/');
      const answer = await fetch(new URL(path, base), {
        method,
        headers: {
          ...(headers.cookie === undefined && { authorization: `Bearer ${await token()}` }),
          ...(body !== undefined && { 'content-type': fhir ? 'application/fhir+json' : 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const text = await answer.text();
      if (answer.status === 401) held = undefined;
      const { status } = answer;
      const retryAfter = answer.headers.get('retry-after');
      log.push({ ...line, status, retryAfter, ms: performance.now() - began });
      return { status, body: text === '' ? null : JSON.parse(text), at: Date.now() };
    } catch (error) {
      log.push({ ...line, status: 0, error: error.cause?.code ?? error.name, ms: performance.now() - began });
      return { status: error.status ?? 0, body: null, at: Date.now() };
    }
  };

  /** Asks until there is an answer that asking again would not change. */
  const call = async (method, path, options) => {
    const end = Date.now() + PATIENCE_MS;
    for (let tries = 0; ; tries += 1) {
      const answer = await once(method, path, options);
      if (answer.status !== 0 && !TRANSIENT.has(answer.status)) return answer;
      if (Date.now() > end) throw new Error(`${method} ${path}: no answer in time, last ${answer.status}`);
      await sleep(Math.min(50 * 2 ** tries, 500) * (0.5 + Math.random() / 2));
    }
  };
  return { once, call, token, log, bases };
}
