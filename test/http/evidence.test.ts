import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { manifestOf, PACK, sha256 } from '../../src/domain/evidence/pack.js';
import { readKeys } from '../../src/domain/evidence/read-keys.js';
import { verifyPack, type CheckName, type EvidenceVerdict } from '../../src/domain/evidence/verify-pack.js';
import { readZip, writeZip } from '../../src/domain/evidence/zip.js';
import { exportEvidence } from '../../src/transfer/export-evidence.js';
import { runCli } from '../cli/run-cli.js';
import { consentFor, openGateway, type TestGateway } from '../support/open-gateway.js';
import { testSign, testSigningKey } from '../support/sign.js';

let gateway: TestGateway;
let id: string;
let refusedId: string;
let pack: Buffer;
let withContent: Buffer;
let keyText: string;
const folder = mkdtempSync(join(tmpdir(), 'relais-evidence-'));
beforeAll(async () => {
  gateway = await openGateway();
  const { caseId, personId } = await gateway.putCase();
  refusedId = (await gateway.ask(caseId).expect(403)).body.transferId as string;
  await gateway.http().post('/fhir/Consent').send(consentFor(personId, gateway.recipient.organizationId)).expect(201);
  id = (await gateway.ask(caseId).expect(202)).body.id as string;
  expect(await gateway.deliver(id)).toBe('received');
  pack = await download('dpo', `/api/v1/transfers/${id}/evidence`);
  const content = await exportEvidence(
    { store: gateway.store, sign: testSign, bundleKeys: async () => [testSigningKey], signLog },
    {
      actor: { type: 'staff', id: randomUUID(), organizationId: gateway.sender.organizationId },
      organizationId: gateway.sender.organizationId,
      roles: new Set(['caseworker']),
    },
    id as never,
    { lang: 'fr', withContent: true },
  );
  withContent = content;
  keyText = JSON.stringify({ checkpointKeys: await gateway.store.checkpointKeys(), jwks: { keys: [testSigningKey] } });
}, 120_000);
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await gateway.close();
});

const signLog = async (): Promise<void> => void (await gateway.store.sequenceOnce());
async function download(who: string, path: string): Promise<Buffer> {
  const answer = await gateway
    .http(who)
    .get(path)
    .buffer(true)
    .parse((response, done) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => done(null, Buffer.concat(parts)));
    })
    .expect(200);
  return answer.body as Buffer;
}
const trusted = () => readKeys(keyText)!;
const failing = ({ checks }: EvidenceVerdict): CheckName[] =>
  checks.filter(({ result }) => result === 'fails').map(({ name }) => name);

describe('an evidence pack', () => {
  it('holds, every part of it, by keys that the reader brings', () => {
    const verdict = verifyPack(withContent, trusted());
    expect(verdict).toMatchObject({ ok: true, keys: 'given', transferId: id });
    expect(verdict.checks.map(({ name, result }) => `${name} ${result}`)).toEqual([
      'zip holds',
      'manifest holds',
      'files holds',
      'manifest-signature holds',
      'checkpoint holds',
      'log holds',
      'commitment holds',
      'agreement holds',
      'decisions holds',
      'receipt holds',
      'signature holds',
      'content holds',
    ]);
    const without = verifyPack(pack, trusted());
    expect(without.ok).toBe(true);
    expect(without.checks.slice(-2)).toEqual([
      { name: 'signature', result: 'absent', detail: 'needs-content' },
      { name: 'content', result: 'absent', detail: 'digest-only' },
    ]);
    // Keys out of the pack itself prove that it is whole, not whose it is.
    expect(verifyPack(pack, null)).toMatchObject({ ok: true, keys: 'self-asserted' });
  });

  it('holds for a refusal too, with nothing sent', async () => {
    const refused = await download('dpo', `/api/v1/transfers/${refusedId}/evidence?lang=fr`);
    const verdict = verifyPack(refused, trusted());
    expect([verdict.ok, failing(verdict)]).toEqual([true, []]);
    expect(verdict.checks).toContainEqual({ name: 'commitment', result: 'absent', detail: 'nothing-approved' });
    expect(readZip(refused)!.get(PACK.page)!.toString()).toContain('Preuves du transfert');
  });

  it('shows its page first, in one file, with content only for who may read the case', async () => {
    const files = readZip(pack)!;
    expect([...files.keys()][0]).toBe(PACK.page);
    const page = files.get(PACK.page)!.toString('utf8');
    expect(page).toContain('Toit Commun');
    expect(page).not.toMatch(/<script|src=|url\(|@import/);
    for (const [name, content] of files) expect(content.includes('Okafor'), name).toBe(false);
    expect(readZip(withContent)!.get(PACK.bundle)!.toString('utf8')).toContain('Okafor');
    const answer = await gateway.http('dpo').get(`/api/v1/transfers/${id}/evidence?content=true`).expect(403);
    expect(answer.body.code).toBe('evidence.content');
    await gateway.http('operator').get(`/api/v1/transfers/${id}/evidence`).expect(403);
    await gateway.http('recipient').get(`/api/v1/transfers/${id}/evidence`).expect(403);
    await gateway.http('dpo').get(`/api/v1/transfers/${randomUUID()}/evidence`).expect(404);
  });

  it('is bound to its keys: another log’s, another signer’s, or none', () => {
    const { checkpoint, bundle } = trusted();
    const other = { ...testSigningKey, x: Buffer.alloc(32, 9).toString('base64url') };
    const foreign = { ...checkpoint[0]!, publicKey: Buffer.alloc(32, 9) };
    expect(failing(verifyPack(pack, { checkpoint, bundle: [other] }))).toEqual(['manifest-signature']);
    expect(failing(verifyPack(pack, { checkpoint, bundle: [] }))).toEqual(['manifest-signature']);
    expect(failing(verifyPack(pack, { checkpoint: [foreign], bundle }))).toEqual(['checkpoint']);
    expect(failing(verifyPack(pack, { checkpoint: [], bundle }))).toEqual(['checkpoint']);
  });

  it('fails for any byte of it that is another', () => {
    for (const zip of [pack, withContent]) {
      for (let at = 0; at < zip.length; at += Math.max(1, Math.floor(zip.length / 500))) {
        const changed = Buffer.from(zip);
        changed[at]! ^= 0x20;
        expect(verifyPack(changed, trusted()).ok, `byte ${at}`).toBe(false);
      }
    }
  }, 120_000);

  it('fails by name for each file that is changed, gone, added or moved', () => {
    const files = readZip(withContent)!;
    for (const name of files.keys()) {
      const expected =
        name === PACK.manifest
          ? 'manifest-signature'
          : name === PACK.manifestSignature
            ? 'manifest-signature'
            : 'files';
      const changed = new Map(files);
      const content = Buffer.from(files.get(name)!);
      content[content.length - 3]! ^= 1;
      changed.set(name, content);
      const first = failing(verifyPack(writeZip(changed), trusted()))[0];
      expect([expected, ...(name === PACK.manifest ? ['manifest', 'files'] : [])], name).toContain(first);
      const without = new Map(files);
      without.delete(name);
      expect(verifyPack(writeZip(without), trusted()).ok, name).toBe(false);
    }
    const added = new Map([...files, ['more.json', Buffer.from('{}')]]);
    expect(failing(verifyPack(writeZip(added), trusted()))).toEqual(['files']);
  });

  /** The signer itself lies: everything is hashed and signed again, and the parts still have to say the same. */
  const lies: readonly [string, string, (text: string) => string, CheckName][] = [
    [
      'another digest',
      PACK.transfer,
      (text) => text.replace(/("digest":")[0-9a-f]{64}/, `$1${'0'.repeat(64)}`),
      'commitment',
    ],
    [
      'another agreement',
      PACK.transfer,
      (text) => text.replace(/("agreement":\{[^}]*"version":)1/, '$12'),
      'agreement',
    ],
    [
      'another text of the agreement',
      PACK.agreement,
      (text) => text.replace(/"version":1/, '"version":7'),
      'agreement',
    ],
    ['another ground', PACK.transfer, (text) => text.replace('"kind":"consent"', '"kind":"statute"'), 'decisions'],
    ['more permitted', PACK.transfer, (text) => text.replace(/"permitted":\d+/, '"permitted":255'), 'decisions'],
    ['other reasons', PACK.decisions, (text) => text.replaceAll('permit.consent', 'permit.statute'), 'decisions'],
    [
      'a decision of another transfer',
      PACK.decisions,
      (text) => text.replace(/"transferId":"[^"]+"/, `"transferId":"${randomUUID()}"`),
      'decisions',
    ],
    ['another receipt', PACK.receipt, (text) => text.replace('"status":201', '"status":200'), 'receipt'],
    [
      'another outcome in the log',
      PACK.log,
      (text) => text.replace('"outcome":"success"', '"outcome":"refused"'),
      'log',
    ],
    ['a field more in the log', PACK.log, (text) => text.replace('"action":', '"extra":1,"action":'), 'log'],
    [
      'another number in the log',
      PACK.log,
      (text) => text.replace(/"seq":(\d+)/, (_, seq) => `"seq":${Number(seq) + 1}`),
      'log',
    ],
    ['another proof', PACK.log, (text) => text.replace(/"proof":\["[^"]{4}/, '"proof":["AAAA'), 'log'],
    ['another root', PACK.checkpoint, (text) => text.replace(/\n[A-Za-z0-9+/]{4}/, '\nAAAA'), 'checkpoint'],
    ['another content', PACK.bundle, (text) => text.replace('Okafor', 'Okafer'), 'content'],
    [
      'another signature',
      PACK.signature,
      (text) => text.replace(/\.\.(.)/, (_, one: string) => `..${one === 'A' ? 'B' : 'A'}`),
      'signature',
    ],
    [
      'another transfer',
      PACK.transfer,
      (text) => text.replace(/"id":"[^"]+","mapping/, `"id":"${randomUUID()}","mapping`),
      'files',
    ],
  ];
  it.each(lies)('signed again with %s fails', async (_, name, change, check) => {
    const files = new Map(readZip(withContent));
    const text = files.get(name)!.toString('utf8');
    expect(change(text), 'the lie is told').not.toBe(text);
    files.set(name, Buffer.from(change(text)));
    files.delete(PACK.manifest);
    files.delete(PACK.manifestSignature);
    const manifest = manifestOf(id, '2026-02-09T10:00:00.000Z', files);
    files.set(PACK.manifest, manifest).set(PACK.manifestSignature, Buffer.from(await testSign(manifest)));
    expect(failing(verifyPack(writeZip(files), trusted()))).toContain(check);
  });

  it('of hostile shapes is refused and never unpacked', () => {
    const deflated = Buffer.from(pack);
    deflated.writeUInt16LE(8, 8);
    const endless = Buffer.from(pack);
    endless.writeUInt32LE(0xffff_fff0, 22);
    const path = Buffer.from(pack);
    path.write('../', 30);
    for (const [what, zip] of [
      ['nothing', Buffer.alloc(0)],
      ['no zip', Buffer.from('<html>')],
      ['compressed', deflated],
      ['longer than it is', endless],
      ['a path', path],
      ['twice the same name', Buffer.concat([pack.subarray(0, 40_000), pack])],
      ['something before it', Buffer.concat([Buffer.from('#!/bin/sh\n'), pack])],
      ['something after it', Buffer.concat([pack, Buffer.from('more')])],
    ] as const) {
      expect([what, failing(verifyPack(zip, trusted()))]).toEqual([what, ['zip']]);
    }
    expect(() => writeZip(new Map([['../x', Buffer.alloc(1)]]))).toThrow(RangeError);
  });

  it('is the same bytes for the same facts', () => {
    expect(sha256(writeZip(readZip(pack)!))).toBe(sha256(pack));
  });
});

describe('relais evidence', () => {
  it('writes a pack that another process checks with no database and no network', async () => {
    const zip = join(folder, 'pack.zip');
    const written = await runCli(['evidence', id, '--out', zip], gateway.database, gateway.sender.organizationId);
    expect([written.code, written.err]).toEqual([0, '']);
    const keys = await runCli(['evidence', 'keys'], gateway.database, gateway.sender.organizationId);
    const key = join(folder, 'keys.json');
    writeFileSync(key, keys.out);

    // Every socket of that process ends it.
    const offline = `data:text/javascript,${encodeURIComponent(
      "import net from 'node:net'; import dns from 'node:dns'; const no = () => process.exit(99); net.Socket.prototype.connect = no; dns.lookup = no;",
    )}`;
    const cli = join(import.meta.dirname, '../../dist/cli.js');
    const check = (...more: string[]) =>
      spawnSync(process.execPath, ['--import', offline, cli, '--lang', 'en', 'evidence', 'verify', ...more], {
        cwd: folder,
        env: { PATH: process.env['PATH'] },
        encoding: 'utf8',
      });
    const given = check(zip, '--key', key);
    expect([given.status, given.stderr]).toEqual([0, '']);
    expect(given.stdout).toContain('by the keys that you gave');
    const alone = check(zip);
    expect(alone.status).toBe(4);
    expect(alone.stdout).toContain('self-asserted');
    const bad = join(folder, 'bad.zip');
    const changed = Buffer.from(pack);
    changed[changed.indexOf('Toit Commun')]! ^= 1;
    writeFileSync(bad, changed);
    const failed = check(bad, '--key', key);
    expect(failed.status).toBe(1);
    expect(failed.stdout).toContain('FAILS');
  });

  it('gives no content to whoever only runs the command', async () => {
    const run = await runCli(
      ['evidence', id, '--content', '--out', join(folder, 'no.zip')],
      gateway.database,
      gateway.sender.organizationId,
    );
    expect(run.code).not.toBe(0);
    expect(run.err).toContain('The content is for who may read the case');
  });
});
