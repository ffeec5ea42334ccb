import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openCheckpoint, readCheckpoint, signCheckpoint } from '../../../src/domain/audit/checkpoint.js';
import {
  openNote,
  readVerifier,
  signNote,
  writeVerifier,
  type NoteSigner,
} from '../../../src/domain/audit/signed-note.js';
import { someLeaves } from './merkle/model.js';

function newSigner(name = 'relais/audit/test'): NoteSigner {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return { name, privateKey, publicKey: Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url') };
}

/** The example of https://pkg.go.dev/golang.org/x/mod/sumdb/note, where the format comes from. */
const PETER_GO = {
  verifier: 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
  note: `If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
`,
};

describe('a signed note', () => {
  it('is read as the format’s own example is', () => {
    const key = readVerifier(PETER_GO.verifier)!;
    expect(key.name).toBe('PeterNeumann');
    expect(writeVerifier(key)).toBe(PETER_GO.verifier);
    expect(openNote(PETER_GO.note, [key])).toContain('cryptography is the answer');
    expect(openNote(PETER_GO.note.replace('answer', 'Answer'), [key])).toBeNull();
  });

  it('is written so that the key reads it, with other signatures below', () => {
    const [signer, witness] = [newSigner(), newSigner('witness.example')];
    const note = signNote('one\n\ntwo\n', signer);
    expect(openNote(note, [signer])).toBe('one\n\ntwo\n');
    const cosigned = note + signNote('one\n\ntwo\n', witness).split('\n').at(-2) + '\n';
    expect(openNote(cosigned, [signer])).toBe('one\n\ntwo\n');
    expect(openNote(cosigned, [witness])).toBe('one\n\ntwo\n');
    expect(openNote(note, [witness])).toBeNull();
    expect(openNote(note, [newSigner()])).toBeNull();
    expect(() => signNote('no line break', signer)).toThrow(TypeError);
    expect(() => signNote('one\n', newSigner('two words'))).toThrow(TypeError);
  });

  it('with any byte changed is not the note that was signed', () => {
    const signer = newSigner();
    const note = Buffer.from(signNote('log\n12\n', signer));
    fc.assert(
      fc.property(fc.nat({ max: note.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = Buffer.from(note);
        changed[at]! ^= change;
        // The last bits of a base64 text may say nothing: they are not allowed to differ either.
        expect(openNote(changed.toString(), [signer])).toBeNull();
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    'PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
    'PeterNeumann+c74f20a3+AhpcmQcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
    'PeterNeumann+c74f20a3+ARpc',
    'PeterNeumann',
    '',
  ])('has no key written as %j', (text) => {
    expect(readVerifier(text)).toBeNull();
  });
});

describe('a checkpoint', () => {
  const root = someLeaves(1)[0]!;

  it('is origin, size and root, a line each, and signed', () => {
    const signer = newSigner();
    const note = signCheckpoint({ origin: 'relais/audit/test', size: 1_204, root }, signer);
    const lines = note.split('\n');
    expect(lines.slice(0, 4)).toEqual(['relais/audit/test', '1204', root.toString('base64'), '']);
    expect(lines[4]).toMatch(/^— relais\/audit\/test [A-Za-z0-9+/]{91}=$/);
    expect(lines.slice(5)).toEqual(['']);
    expect(openCheckpoint(note, [signer])).toEqual({ origin: 'relais/audit/test', size: 1_204, root });
    expect(openCheckpoint(note, [newSigner()])).toBeNull();
    expect(readCheckpoint(note)).toEqual({ origin: 'relais/audit/test', size: 1_204, root });
  });

  it('reads lines of others after the third', () => {
    const signer = newSigner();
    const text = `relais/audit/test\n3\n${root.toString('base64')}\nextension\n`;
    expect(openCheckpoint(signNote(text, signer), [signer])).toEqual({ origin: 'relais/audit/test', size: 3, root });
  });

  it.each([
    ['leading zero', `relais/audit/test\n03\n${root.toString('base64')}\n`],
    ['negative', `relais/audit/test\n-3\n${root.toString('base64')}\n`],
    ['beyond 2^53', `relais/audit/test\n9007199254740993\n${root.toString('base64')}\n`],
    ['short root', 'relais/audit/test\n3\nAAAA\n'],
    ['no origin', `\n3\n${root.toString('base64')}\n`],
  ])('is not one with %s, though signed', (_what, text) => {
    const signer = newSigner();
    expect(openCheckpoint(signNote(text, signer), [signer])).toBeNull();
  });

  it('is not one of the log that signed it when it names another', () => {
    const signer = newSigner();
    const note = signCheckpoint({ origin: 'relais/audit/other', size: 3, root }, signer);
    expect(openNote(note, [signer])).not.toBeNull();
    expect(openCheckpoint(note, [signer])).toBeNull();
  });

  it('is signed as RFC 8032 says: the same text, the same signature', () => {
    const seed = Buffer.alloc(32, 7);
    const privateKey = createPrivateKey({
      key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]),
      format: 'der',
      type: 'pkcs8',
    });
    const publicKey = Buffer.from(createPublicKey(privateKey).export({ format: 'jwk' }).x!, 'base64url');
    const signer = { name: 'log', publicKey, privateKey };
    const sign = (): string => signCheckpoint({ origin: 'log', size: 3, root }, signer);
    expect(sign()).toBe(sign());
  });
});
