import type { ServerResponse } from 'node:http';
import { RelaisError } from '../../kernel/errors.js';
import type { Principal } from '../../transfer/principal.js';
import type { HttpDeps } from '../deps.js';
import type { StreamOperation } from '../route.js';

const HEARTBEAT_MS = 20_000;
const MOST_PER_SESSION = 6;
const MOST_PER_PROCESS = 1_000;
/** Whoever does not read is not written to for ever. */
const MOST_UNREAD_BYTES = 65_536;

/** How many streams each session has open, by gateway. */
const open = new WeakMap<HttpDeps, Map<string, number>>();

/**
 * Server-sent events (HTML Living Standard, section 9.2): that something changed, never what. It ends with the session,
 * which it does not keep alive, and with the process; a browser comes back by itself and asks again.
 */
export const watchEvents: StreamOperation = {
  group: 'transfers',
  id: 'watchEvents',
  summary: { en: 'Be told that something changed', fr: 'Être averti d’un changement' },
  description: {
    en: 'text/event-stream: `event: changed` with data {"kind":"transfer","id":"…"} or {"kind":"worklist"} whenever a transfer of the caller’s organization changes, and a comment every 20 seconds. Everything from the moment at which it opens is told: ask for what you show once it is open, and again when it reopens. At most six at a time for a session (429). Ends with the session.',
    fr: 'text/event-stream : `event: changed` avec les données {"kind":"transfer","id":"…"} ou {"kind":"worklist"} à chaque changement d’un transfert de l’organisme, et un commentaire toutes les 20 secondes. Tout est annoncé dès l’ouverture : demandez ce que vous affichez une fois le flux ouvert, et de nouveau à chaque réouverture. Six au plus par session (429). Prend fin avec la session.',
  },
  responses: {
    200: {
      description: { en: 'The stream', fr: 'Le flux' },
      mediaType: 'text/event-stream',
    },
  },
  stream: async ({ principal, request, response }, deps) => {
    const release = admit(deps, sessionOf(principal));
    response.once('close', release);
    const { organizationId } = principal;
    const stopListening = await deps.changes.listen(organizationId, {
      changed: (change) => write(response, `event: changed\ndata: ${JSON.stringify(change)}\n\n`),
      ended: () => void response.end(),
    });
    // Gone while it was waited for: 'close' does not come again.
    if (response.destroyed) return stopListening();
    response.once('close', stopListening);
    response.writeHead(200, { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' });
    if (request.method === 'HEAD') return void response.end();
    response.write(': open\n\n');
    const { cookie } = request.headers;
    const beat = (lives: boolean): void => (lives ? write(response, ': still here\n\n') : void response.end());
    const heartbeat = setInterval(() => {
      // The database is away for a moment: nobody is signed out for that.
      deps.sessionLives(cookie).then(beat, () => beat(true));
    }, deps.heartbeatMs ?? HEARTBEAT_MS);
    response.once('close', () => clearInterval(heartbeat));
  },
};

function write(response: ServerResponse, text: string): void {
  if (response.writableEnded || response.destroyed) return;
  if (response.writableLength > MOST_UNREAD_BYTES) response.destroy();
  else response.write(text);
}

/** Each session has a CSRF token of its own. */
function sessionOf({ csrfToken, actor }: Principal): string {
  return csrfToken ?? actor.id;
}

/** @throws RelaisError 429 `events.too-many` */
function admit(deps: HttpDeps, session: string): () => void {
  const sessions = open.get(deps) ?? new Map<string, number>();
  open.set(deps, sessions);
  const own = sessions.get(session) ?? 0;
  const all = [...sessions.values()].reduce((sum, count) => sum + count, 0);
  if (own >= MOST_PER_SESSION || all >= MOST_PER_PROCESS) {
    throw new RelaisError(
      'events.too-many',
      429,
      'throttled',
      'Too many pages of this session are open, or of all together: close some.',
      { retryAfterSeconds: 30 },
    );
  }
  sessions.set(session, own + 1);
  return () => {
    const left = (sessions.get(session) ?? 1) - 1;
    if (left > 0) sessions.set(session, left);
    else sessions.delete(session);
  };
}
