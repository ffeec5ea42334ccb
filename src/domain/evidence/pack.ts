import { createHash } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from '../../kernel/canonical-json.js';
import type { Files } from './zip.js';

/** Files of an evidence pack. The page comes first: whoever opens the zip sees it first. */
export const PACK = {
  page: 'index.html',
  transfer: 'transfer.json',
  decisions: 'decisions.json',
  agreement: 'agreement.json',
  receipt: 'receipt.json',
  log: 'log.json',
  checkpoint: 'checkpoint.txt',
  signature: 'signature.jws',
  keys: 'keys.json',
  bundle: 'bundle.json',
  manifest: 'manifest.json',
  manifestSignature: 'manifest.jws',
} as const;
/** What a pack has in any case; the others depend on what became of the transfer and on who asked. */
export const ALWAYS: readonly string[] = [
  PACK.page,
  PACK.transfer,
  PACK.decisions,
  PACK.log,
  PACK.checkpoint,
  PACK.keys,
];

const hex64 = z.string().regex(/^[0-9a-f]{64}$/);
const version = z.object({ id: z.string(), version: z.int() });
const party = z.object({ id: z.string(), name: z.string() });
const code = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]);

export const transferFile = z.object({
  id: z.string(),
  reference: z.string(),
  status: z.string(),
  sender: party,
  recipient: party,
  purpose: z.string(),
  permitted: z.int(),
  ground: z.object({ dataProtectionBasis: z.string(), secrecy: z.looseObject({ kind: z.string() }) }).nullable(),
  agreement: version.nullable(),
  mappingVersion: z.string().nullable(),
  digest: hex64.nullable(),
  /** Opens the log's commitment to the digest; null once the person was erased. */
  commitmentSalt: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .nullable(),
  withheldElements: z.int(),
  requestedAt: z.string(),
  deliveredAt: z.string().nullable(),
  contentPurgedAt: z.string().nullable(),
  timeline: z.array(z.object({ at: z.string(), status: z.string(), reasons: z.array(z.string()) })),
});
export type TransferFile = z.output<typeof transferFile>;

export const decisionsFile = z.array(
  z.looseObject({
    id: z.string(),
    stage: z.string(),
    transferId: z.string().nullable(),
    at: z.string(),
    outcome: z.enum(['permit', 'deny']),
    permitted: z.int(),
    reasons: z.array(z.looseObject({ code: z.string() })),
    agreements: z.array(version),
    consents: z.array(version),
  }),
);
export type DecisionsFile = z.output<typeof decisionsFile>;

export const agreementFile = z.looseObject({ id: z.string(), version: z.int() });
export const receiptFile = z.object({
  status: z.int(),
  digest: z.string(),
  location: z.string().nullable(),
  receivedAt: z.string(),
});
export type ReceiptFile = z.output<typeof receiptFile>;

export const logFile = z.object({
  entries: z.array(
    z.object({
      seq: z.int(),
      proof: z.array(z.string().max(64)).max(64),
      entry: z.looseObject({
        id: z.string(),
        at: z.string(),
        action: z.string(),
        outcome: z.string(),
        salt: z.string(),
        transferId: z.string().optional(),
        codes: z.record(z.string(), code).optional(),
      }),
    }),
  ),
  /** Ids of entries that no checkpoint was over when the pack was made. */
  unproven: z.array(z.string()),
});
export type LogFile = z.output<typeof logFile>;

/** How keys are handed over: `relais evidence keys` prints the same. */
export const keysFile = z.object({
  checkpointKeys: z.array(z.string().max(500)).max(64),
  jwks: z.object({ keys: z.array(z.looseObject({ kty: z.string() })).max(64) }),
});
export type KeysFile = z.output<typeof keysFile>;

export const manifestFile = z.object({
  format: z.literal('relais-evidence/1'),
  transferId: z.string(),
  madeAt: z.string(),
  files: z.array(z.object({ name: z.string(), bytes: z.int(), sha256: hex64 })),
});

export const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** A file as it stands in the pack: canonical JSON (RFC 8785), so that the same facts make the same bytes. */
export function jsonFile(value: unknown): Buffer {
  return Buffer.from(`${canonicalJson(value)}\n`);
}

/** Names every other file with its hash; what is signed is this. */
export function manifestOf(transferId: string, madeAt: string, files: Files): Buffer {
  return jsonFile({
    format: 'relais-evidence/1',
    transferId,
    madeAt,
    files: [...files].map(([name, content]) => ({ name, bytes: content.length, sha256: sha256(content) })),
  });
}
