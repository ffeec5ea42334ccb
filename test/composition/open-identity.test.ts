import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { openIdentity } from '../../src/composition/open-identity.js';
import { readConfig } from '../../src/config.js';

test('while the database is away a caller is told to come back, not that the gateway failed', async () => {
  const identity = openIdentity({
    config: readConfig({ RELAIS_MODE: 'demo' }),
    databaseUrl: 'postgres://nobody@127.0.0.1:1/none',
    masterKey: randomBytes(32),
    publicUrl: 'http://127.0.0.1:8080',
    fetch,
    log: () => undefined,
  });
  const credentials = {
    authorization: undefined,
    cookie: `relais-session=${randomBytes(32).toString('base64url')}`,
    method: 'GET',
    csrfToken: undefined,
    origin: undefined,
  };
  await expect(identity.authenticate(credentials)).rejects.toMatchObject({
    code: 'store.unavailable',
    status: 503,
    retryAfterSeconds: 1,
  });
  await identity.close();
});
