// The partner of both sides: a token endpoint, and a door that takes a bundle and answers as a FHIR server does to a
// transaction with `Prefer: return=minimal`. It remembers keys, so that it can say how many effects there were.
import { createServer } from 'node:http';

const TOKEN = JSON.stringify({ access_token: 'a-token-of-the-partner', token_type: 'Bearer', expires_in: 3600 });
const ANSWER = JSON.stringify({ resourceType: 'Bundle', type: 'transaction-response', entry: [] });
const effects = new Set();
let bytes = 0;

const server = createServer((request, response) => {
  const reply = (status, type, body) => {
    response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) }).end(body);
  };
  request.on('data', (chunk) => (bytes += chunk.length));
  request.on('end', () => {
    if (request.url === '/token') return reply(200, 'application/json', TOKEN);
    if (request.url === '/effects')
      return reply(200, 'application/json', JSON.stringify({ effects: effects.size, bytes }));
    effects.add(request.headers['idempotency-key']);
    reply(201, 'application/fhir+json', ANSWER);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify({ ready: true, port: server.address().port })}\n`);
});
