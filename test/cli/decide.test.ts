import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BASE, consent, label, purpose, to } from '../domain/consent/support/consents.js';
import { runCli } from './run-cli.js';

const folder = mkdtempSync(join(tmpdir(), 'relais-decide-'));
const write = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const A = 'Practitioner/a';
const own = write(
  'own.json',
  JSON.stringify(
    consent('Advanced', {
      type: 'permit',
      ...purpose('TREAT'),
      ...label('N'),
      period: { end: '2026-06-30' },
      provision: [{ type: 'permit', ...label('PSY'), ...to(A) }],
    }),
  ),
);
const decide = (file: string, ...argv: string[]) => runCli(['decide', '--consent', file, '--residual', ...argv]);
const codes = (out: string): string[] =>
  (JSON.parse(out) as { reasons: { code: string }[] }).reasons.map(({ code }) => code);

describe('relais decide', () => {
  it('prints purposes of use and residual rules as JSON', async () => {
    const run = await decide(own, '--at', '2026-06-30', '--requester', `${BASE}/${A}`, 'Group/g', '--base', BASE);
    expect(run).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(run.out)).toEqual({
      consent: 'c',
      residual: [{ type: 'forbid' }, { type: 'permit', ...label('N') }, { type: 'permit', ...label('PSY') }],
      purpose_of_use: ['TREAT'],
    });
  });

  it('says for another requester what is left', async () => {
    const run = await decide(own, '--at', '2026-06-30', '--requester', 'Practitioner/b');
    expect(JSON.parse(run.out)).toMatchObject({ residual: [{ type: 'forbid' }, { type: 'permit', ...label('N') }] });
  });

  it('refuses with reasons, in both languages, and exit code 1', async () => {
    const late = await decide(own, '--at', '2026-07-01', '--lang', 'fr');
    expect(late.code).toBe(1);
    expect(JSON.parse(late.out)).toEqual({
      consent: 'c',
      error: 'access_denied',
      reasons: [
        {
          code: 'residual.expired',
          location: 'Consent.provision.period',
          message: 'Le consentement a pris fin.',
        },
      ],
    });
    const draft = write('draft.json', JSON.stringify(consent('Basic', { type: 'permit' }, { status: 'draft' })));
    const unreadable = await decide(draft);
    expect(unreadable.code).toBe(1);
    expect(codes(unreadable.out)).toEqual(['consent.status']);
    expect(codes((await decide(own, '--at', '2026-03-01', '--purpose', 'HPAYMT')).out)).toEqual(['residual.purpose']);
  });

  it('knows the implicit policy where the consent is silent', async () => {
    const run = await decide(own, '--at', '2026-07-01', '--implicit', 'basic-normal');
    expect(JSON.parse(run.out)).toMatchObject({ residual: [], purpose_of_use: ['TREAT'] });
    expect((await decide(own, '--implicit', 'anything')).code).toBe(2);
  });

  it.each([
    [['decide'], 2, 'decide needs'],
    [['decide', '--consent', own], 2, 'only'],
    [['decide', '--consent', '/no/such/file', '--residual'], 2, 'There is no file'],
    [['decide', '--consent', own, '--residual', '--at', 'tomorrow'], 2, '--at is not'],
    [['decide', '--consent', own, '--residual', '--base', 'javascript:x'], 2, '--base is not'],
    [['decide', '--consent', write('broken.json', '{"resourceType":'), '--residual'], 1, 'could not be done'],
    [['decide', '--consent', write('deep.json', '['.repeat(20_000)), '--residual'], 1, 'could not be done'],
  ])('answers %j with exit code %i and one sentence', async (argv, code, sentence) => {
    const run = await runCli(argv);
    expect(run.code).toBe(code);
    expect(run.err).toContain(sentence);
    expect(run.err).not.toMatch(/\n\s+at /);
    expect(run.out).toBe('');
  });

  it('says in French what is wrong with the command line', async () => {
    const run = await decide(own, '--at', 'demain', '--lang', 'fr');
    expect(run.err).toContain('--at n’est ni une date');
  });
});
