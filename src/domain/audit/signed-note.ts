import { createPublicKey, hash, sign, verify, type KeyObject } from 'node:crypto';

/**
 * A text with signatures below it, as C2SP signed-note defines it (https://c2sp.org/signed-note): the text, an empty line,
 * and lines `— <key name> <base64(key id || signature)>`. Witnesses and tools of other transparency logs read the same.
 */
export interface NoteVerifier {
  /** Who signs, without spaces and plus signs. */
  readonly name: string;
  /** 32 bytes: Ed25519 (RFC 8032). */
  readonly publicKey: Buffer;
}

export interface NoteSigner extends NoteVerifier {
  readonly privateKey: KeyObject;
}

/** Signature type of the C2SP list: Ed25519 over the note's text. */
const ED25519 = 0x01;
const KEY_ID_BYTES = 4;
const SIGNATURE_BYTES = 64;
const NAME = /^[^\s+]+$/;
/** SubjectPublicKeyInfo of an Ed25519 key up to the key itself (RFC 8410). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/**
 * @param text ends with a line break
 * @returns the note
 */
export function signNote(text: string, signer: NoteSigner): string {
  if (!text.endsWith('\n') || !NAME.test(signer.name)) throw new TypeError('Not a text that can be signed as a note');
  return `${text}\n${signatureLine(text, signer)}`;
}

/** One more signature below a note: whoever knows either key can rely on it. */
export function cosignNote(note: string, signer: NoteSigner): string {
  return note + signatureLine(note.slice(0, note.lastIndexOf('\n\n') + 1), signer);
}

function signatureLine(text: string, signer: NoteSigner): string {
  const signature = Buffer.concat([keyIdOf(signer), sign(null, Buffer.from(text), signer.privateKey)]);
  return `— ${signer.name} ${signature.toString('base64')}\n`;
}

/**
 * @returns the text when one of the keys signed it; null otherwise, also for what is not a note at all. Signatures of
 *   others (a witness that signed as well) are passed over; a signature by a known key that does not verify is not.
 */
export function openNote(note: string, verifiers: readonly NoteVerifier[]): string | null {
  const end = note.lastIndexOf('\n\n');
  if (end < 0 || !note.endsWith('\n')) return null;
  const text = note.slice(0, end + 1);
  let signed = false;
  for (const line of note.slice(end + 2, -1).split('\n')) {
    const [, name, encoded] = /^— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/.exec(line) ?? [];
    if (name === undefined || encoded === undefined) return null;
    const bytes = Buffer.from(encoded, 'base64');
    if (bytes.length <= KEY_ID_BYTES || bytes.toString('base64') !== encoded) return null;
    const known = verifiers.find((key) => key.name === name && keyIdOf(key).equals(bytes.subarray(0, KEY_ID_BYTES)));
    if (known === undefined) continue;
    if (!holds(text, bytes.subarray(KEY_ID_BYTES), known)) return null;
    signed = true;
  }
  return signed ? text : null;
}

/** How a public key is handed over: `<name>+<key id>+<base64(type || key)>`. */
export function writeVerifier(verifier: NoteVerifier): string {
  const typed = Buffer.concat([Buffer.of(ED25519), verifier.publicKey]);
  return `${verifier.name}+${keyIdOf(verifier).toString('hex')}+${typed.toString('base64')}`;
}

/** @returns null for what is not a verifier key of an Ed25519 note */
export function readVerifier(text: string): NoteVerifier | null {
  const [, name, id, encoded] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/.exec(text.trim()) ?? [];
  if (name === undefined || id === undefined || encoded === undefined) return null;
  const typed = Buffer.from(encoded, 'base64');
  if (typed.length !== 33 || typed[0] !== ED25519 || typed.toString('base64') !== encoded) return null;
  const verifier = { name, publicKey: typed.subarray(1) };
  return keyIdOf(verifier).toString('hex') === id ? verifier : null;
}

/** The first four bytes of SHA-256(name || LF || type || key). */
export function keyIdOf({ name, publicKey }: NoteVerifier): Buffer {
  const input = Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(ED25519), publicKey]);
  return hash('sha256', input, 'buffer').subarray(0, KEY_ID_BYTES);
}

function holds(text: string, signature: Buffer, { publicKey }: NoteVerifier): boolean {
  if (signature.length !== SIGNATURE_BYTES) return false;
  return verify(null, Buffer.from(text), keyOf(publicKey), signature);
}

/** Read once: a log has thousands of notes by one key. */
const KEYS = new WeakMap<Buffer, KeyObject>();

function keyOf(publicKey: Buffer): KeyObject {
  const known = KEYS.get(publicKey);
  if (known !== undefined) return known;
  const key = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, publicKey]), format: 'der', type: 'spki' });
  KEYS.set(publicKey, key);
  return key;
}
