import { describe, expect, it } from 'vitest';
import { readConfig, requireProductionSecrets } from '../../../src/config.js';

/** Threat row 36: a gateway in production does not start with default or missing secrets. */
describe('a gateway in production', () => {
  const complete = {
    DATABASE_URL: 'postgres://relais@db.example.org/relais',
    RELAIS_PUBLIC_URL: 'https://relais.example.org',
    RELAIS_MASTER_KEY: Buffer.from('0123456789abcdef0123456789abcdef').toString('base64'),
    RELAIS_STAFF_ISSUER: 'https://idp.example.org',
    RELAIS_STAFF_CLIENT_ID: 'relais',
  };
  const start = (changes: Record<string, string | undefined>): void =>
    requireProductionSecrets(readConfig({ ...complete, ...changes }));

  it('starts when nothing is missing', () => {
    expect(() => start({})).not.toThrow();
  });

  it.each([
    ['no database', { DATABASE_URL: undefined }],
    ['no public URL', { RELAIS_PUBLIC_URL: undefined }],
    ['a public URL on http', { RELAIS_PUBLIC_URL: 'http://relais.example.org' }],
    ['no master key', { RELAIS_MASTER_KEY: undefined }],
    ['an empty master key', { RELAIS_MASTER_KEY: '' }],
    ['a published master key', { RELAIS_MASTER_KEY: Buffer.alloc(32).toString('base64') }],
    ['a short master key', { RELAIS_MASTER_KEY: 'c2hvcnQ=' }],
    ['no staff issuer', { RELAIS_STAFF_ISSUER: undefined }],
    ['no client at the staff issuer', { RELAIS_STAFF_CLIENT_ID: undefined }],
    ['a published client secret', { RELAIS_STAFF_CLIENT_SECRET: 'changeme' }],
    ['partners on private addresses', { RELAIS_ALLOW_PRIVATE_ENDPOINTS: 'true' }],
  ])('refuses to start with %s', (_name, changes) => {
    expect(() => start(changes)).toThrow(expect.objectContaining({ code: 'config.invalid' }));
  });

  it.each(['', 'Demo', 'development', 'test'])('is what the mode %j means', (mode) => {
    expect(() => start({ RELAIS_MODE: mode, RELAIS_MASTER_KEY: undefined })).toThrow(/RELAIS_MASTER_KEY/);
  });
});
