import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { RelaisError } from '../../../kernel/errors.js';

/** Where a ciphertext belongs. It is authenticated, so that a ciphertext moved to another row or version does not open. */
export interface Place {
  readonly table:
    | 'person'
    | 'case_version'
    | 'residue'
    | 'consent_version'
    | 'consent_evidence'
    | 'transfer'
    | 'transfer_content'
    | 'transfer_event'
    | 'hmis_key'
    | 'hmis_header'
    | 'hmis_row_version'
    | 'draft'
    | 'preview'
    | 'agreement_original'
    | 'break_glass_review'
    | 'notice_deferral'
    | 'notice'
    | 'contest'
    | 'declined_share'
    | 'audit_key';
  /** The row's key, with its organization where it is not a random id. */
  readonly row: string;
  readonly version: number | string;
}

const FORMAT = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce.
 *
 * @returns format (1 byte) ‖ nonce (12) ‖ ciphertext ‖ tag (16)
 */
export function seal(key: Buffer, plaintext: Buffer | string, place: Place): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(associated(place));
  const body = typeof plaintext === 'string' ? cipher.update(plaintext, 'utf8') : cipher.update(plaintext);
  const rest = cipher.final();
  return Buffer.concat([Buffer.of(FORMAT), nonce, body, rest, cipher.getAuthTag()]);
}

/** @throws RelaisError `store.unreadable` when key, place or bytes are not those of `seal` */
export function open(key: Buffer, sealed: Buffer, place: Place): Buffer {
  try {
    if (sealed[0] !== FORMAT || sealed.length < 1 + NONCE_BYTES + TAG_BYTES) throw new RangeError('format');
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 1 + NONCE_BYTES));
    decipher.setAAD(associated(place));
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
    const body = decipher.update(sealed.subarray(1 + NONCE_BYTES, sealed.length - TAG_BYTES));
    return Buffer.concat([body, decipher.final()]);
  } catch {
    throw new RelaisError('store.unreadable', 500, 'exception', 'A stored record cannot be decrypted.');
  }
}

function associated({ table, row, version }: Place): Buffer {
  return Buffer.from(JSON.stringify(['relais', FORMAT, table, row, version]));
}
