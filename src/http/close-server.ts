import type { Server, ServerResponse } from 'node:http';

/** After this long whoever is still answered is cut off: an orchestrator's patience is not endless. */
const PATIENCE_MS = 10_000;

interface Answers {
  readonly open: Set<ServerResponse>;
  isClosing: boolean;
}

const answersOf = new WeakMap<Server, Answers>();

/** Remembers which answers are being given, so that `closeServer` can make each the last of its connection. */
export function countAnswers(server: Server): void {
  const answers: Answers = { open: new Set(), isClosing: false };
  answersOf.set(server, answers);
  const count = (_: unknown, response: ServerResponse): void => {
    if (answers.isClosing) makeLast(response);
    answers.open.add(response);
    response.once('close', () => answers.open.delete(response));
  };
  server.prependListener('request', count);
  server.prependListener('checkContinue', count);
}

/**
 * Takes no new connection and ends each that is open with the answer that is being given on it, `Connection: close`
 * (RFC 9112 section 9.6). Without that word a client that always has something to ask keeps its connection until it is
 * cut, with a request on it.
 */
export function closeServer(server: Server, patienceMs = PATIENCE_MS): Promise<void> {
  return new Promise((resolve) => {
    const answers = answersOf.get(server);
    if (answers !== undefined) {
      answers.isClosing = true;
      answers.open.forEach(makeLast);
    }
    const late = setTimeout(() => server.closeAllConnections(), patienceMs);
    server.close(() => {
      clearTimeout(late);
      resolve();
    });
    server.closeIdleConnections();
  });
}

function makeLast(response: ServerResponse): void {
  response.shouldKeepAlive = false;
  // Too late to say so: the connection ends after the last byte.
  const { socket } = response;
  if (response.headersSent) response.once('finish', () => socket?.end());
}
