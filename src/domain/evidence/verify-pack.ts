import { z } from 'zod';
import { openCheckpoint, type Checkpoint } from '../audit/checkpoint.js';
import { checkProvenEntry, type ProvenEntry } from '../audit/proven-entry.js';
import { readDetached, verifyDetached, type Jwk } from './detached-jws.js';
import {
  agreementFile,
  ALWAYS,
  decisionsFile,
  logFile,
  manifestFile,
  PACK,
  receiptFile,
  sha256,
  transferFile,
  type LogFile,
  type TransferFile,
} from './pack.js';
import { readKeys, type TrustedKeys } from './read-keys.js';
import { readZip, type Files } from './zip.js';

/** What is looked at, in this order. */
export const CHECKS = [
  'zip',
  'manifest',
  'files',
  'manifest-signature',
  'checkpoint',
  'log',
  'commitment',
  'agreement',
  'decisions',
  'receipt',
  'signature',
  'content',
] as const;
export type CheckName = (typeof CHECKS)[number];

export interface Check {
  readonly name: CheckName;
  /** `absent`: there is nothing to check, and that is in order for this transfer. */
  readonly result: 'holds' | 'fails' | 'absent';
  /** What exactly, as a code or a name: never content. */
  readonly detail: string | null;
}

export interface EvidenceVerdict {
  readonly ok: boolean;
  /** `given`: every signature is by a key that the reader brought; `self-asserted`: some key comes out of the pack itself. */
  readonly keys: 'given' | 'self-asserted';
  readonly transferId: string | null;
  readonly checks: readonly Check[];
}

/**
 * Checks a pack with nothing but its bytes and the keys that the reader relies on: hashes, proofs, signatures, and that
 * the parts speak of the same transfer and say the same. Everything in it may be an attacker's. Pure; no I/O.
 *
 * @param trusted null: the keys in the pack are used, which proves only that it is whole
 */
export function verifyPack(zip: Buffer, trusted: TrustedKeys | null): EvidenceVerdict {
  const checks: Check[] = [];
  const say = (name: CheckName, result: Check['result'], detail: string | null = null): void =>
    void checks.push({ name, result, detail });
  const end = (transferId: string | null): EvidenceVerdict => ({
    ok: checks.every(({ result }) => result !== 'fails'),
    keys: trusted === null ? 'self-asserted' : 'given',
    transferId,
    checks,
  });

  const files = readZip(zip);
  if (files === null) return (say('zip', 'fails', 'form'), end(null));
  say('zip', 'holds');
  const manifest = parse(files, PACK.manifest, manifestFile);
  if (manifest === null) return (say('manifest', 'fails', 'unreadable'), end(null));
  say('manifest', 'holds');
  const wrong = wrongFile(files, manifest);
  if (wrong !== null) return (say('files', 'fails', wrong), end(null));
  say('files', 'holds');

  const own = readKeys(text(files, PACK.keys));
  const keys = trusted ?? own;
  if (keys === null) return (say('manifest-signature', 'fails', 'no-key'), end(null));
  const signedBy = (jws: string, bytes: Buffer): boolean =>
    keys.bundle.some((key: Jwk) => verifyDetached(jws, bytes, key));
  if (!signedBy(text(files, PACK.manifestSignature).trim(), files.get(PACK.manifest)!)) {
    return (say('manifest-signature', 'fails', keys.bundle.length === 0 ? 'no-key' : 'not-by-these-keys'), end(null));
  }
  say('manifest-signature', 'holds');

  const checkpoint = openCheckpoint(text(files, PACK.checkpoint), keys.checkpoint);
  if (checkpoint === null) {
    say('checkpoint', 'fails', keys.checkpoint.length === 0 ? 'no-key' : 'not-by-these-keys');
    return end(null);
  }
  say('checkpoint', 'holds');

  const transfer = parse(files, PACK.transfer, transferFile);
  const log = parse(files, PACK.log, logFile);
  if (transfer === null || transfer.id !== manifest.transferId)
    return (say('files', 'fails', PACK.transfer), end(null));
  if (log === null) return (say('log', 'fails', 'unreadable'), end(transfer.id));
  const badEntry = wrongEntry(log, checkpoint, transfer);
  say('log', badEntry === null ? 'holds' : 'fails', badEntry ?? (log.unproven.length > 0 ? 'some-unproven' : null));

  say('commitment', ...commitmentCheck(transfer, log));
  say('agreement', ...agreementCheck(files, transfer, log));
  say('decisions', ...decisionsCheck(files, transfer, log));
  say('receipt', ...receiptCheck(files, transfer, log));

  const jws = text(files, PACK.signature).trim();
  const bundle = files.get(PACK.bundle);
  if (jws === '') say('signature', 'absent', transfer.deliveredAt === null ? 'not-sent' : 'erased');
  else if (bundle !== undefined) say('signature', signedBy(jws, bundle) ? 'holds' : 'fails');
  // Without the bytes a signature cannot be checked; by whom it claims to be can.
  else if (keys.bundle.some(({ kid }) => kid === readDetached(jws)?.kid)) say('signature', 'absent', 'needs-content');
  else say('signature', 'fails', 'not-by-these-keys');
  if (bundle === undefined) say('content', 'absent', 'digest-only');
  else say('content', sha256(bundle) === transfer.digest ? 'holds' : 'fails');
  return end(transfer.id);
}

type Outcome = [Check['result'], string | null];

function wrongFile(files: Files, manifest: z.output<typeof manifestFile>): string | null {
  const listed = new Map(manifest.files.map((file) => [file.name, file]));
  const present = [...files.keys()].filter((name) => name !== PACK.manifest && name !== PACK.manifestSignature);
  const known: readonly string[] = Object.values(PACK);
  for (const name of present) {
    const file = listed.get(name);
    const content = files.get(name)!;
    if (!known.includes(name) || file === undefined) return name;
    if (file.bytes !== content.length || file.sha256 !== sha256(content)) return name;
  }
  const missing = [...listed.keys(), ...ALWAYS].find((name) => !present.includes(name));
  return missing ?? (listed.size === manifest.files.length ? null : PACK.manifest);
}

function wrongEntry(log: LogFile, checkpoint: Checkpoint, transfer: TransferFile): string | null {
  if (log.entries.length === 0) return 'no-entries';
  for (const proven of log.entries) {
    // It is hashed as it stands: what the schema does not name is part of the hash as well.
    if (!checkProvenEntry(proven as unknown as ProvenEntry, checkpoint)) return `entry-${proven.seq}`;
    if (proven.entry.transferId !== transfer.id) return `entry-${proven.seq}-of-another-transfer`;
  }
  const seqs = log.entries.map(({ seq }) => seq);
  return new Set(seqs).size === seqs.length ? null : 'entry-twice';
}

const codesOf = (log: LogFile, action: string): NonNullable<LogFile['entries'][number]['entry']['codes']> | null =>
  log.entries.find(({ entry }) => entry.action === action)?.entry.codes ?? null;

/** SHA-256(salt || digest) as the log has it: the digest is the one that was approved. */
function commitmentCheck({ digest, commitmentSalt }: TransferFile, log: LogFile): Outcome {
  const permitted = codesOf(log, 'transfer.permitted');
  if (permitted === null) return digest === null ? ['absent', 'nothing-approved'] : ['fails', 'no-entry'];
  if (digest === null) return ['fails', 'no-digest'];
  if (commitmentSalt === null) return ['absent', 'erased'];
  const opened = sha256(Buffer.concat([Buffer.from(commitmentSalt, 'hex'), Buffer.from(digest)]));
  return permitted['commitment'] === opened ? ['holds', null] : ['fails', 'another-digest'];
}

function agreementCheck(files: Files, { agreement, status }: TransferFile, log: LogFile): Outcome {
  if (agreement === null) return status === 'refused' ? ['absent', 'refused'] : ['fails', 'none'];
  const permitted = codesOf(log, 'transfer.permitted');
  if (permitted?.['agreement'] !== agreement.id || permitted['agreementVersion'] !== agreement.version) {
    return ['fails', 'not-in-log'];
  }
  const file = parse(files, PACK.agreement, agreementFile);
  return file?.id === agreement.id && file.version === agreement.version
    ? ['holds', null]
    : ['fails', 'another-version'];
}

function decisionsCheck(files: Files, transfer: TransferFile, log: LogFile): Outcome {
  const decisions = parse(files, PACK.decisions, decisionsFile);
  if (decisions === null) return ['fails', 'unreadable'];
  if (decisions.some(({ transferId }) => transferId !== transfer.id)) return ['fails', 'of-another-transfer'];
  const asked = decisions.find(({ stage }) => stage === 'request');
  if (asked === undefined) return ['fails', 'no-decision'];
  const permitted = asked.outcome === 'permit';
  const entry = codesOf(log, permitted ? 'transfer.permitted' : 'transfer.refused');
  if (entry === null) return ['fails', 'not-in-log'];
  const reasons = asked.reasons.map((reason) => reason.code);
  if (JSON.stringify(entry['reasons']) !== JSON.stringify(reasons)) return ['fails', 'other-reasons'];
  if (!permitted) return ['holds', null];
  const { agreement, ground } = transfer;
  if (entry['permitted'] !== transfer.permitted || asked.permitted !== transfer.permitted)
    return ['fails', 'other-labels'];
  if (!asked.agreements.some(({ id, version }) => id === agreement?.id && version === agreement.version)) {
    return ['fails', 'other-agreement'];
  }
  if (entry['secrecyGround'] !== ground?.secrecy.kind || entry['basis'] !== ground?.dataProtectionBasis) {
    return ['fails', 'other-ground'];
  }
  const named = z.array(z.object({ id: z.string(), version: z.int() })).safeParse(ground?.secrecy['consents'] ?? []);
  const looked = (one: { id: string; version: number }): boolean =>
    asked.consents.some(({ id, version }) => id === one.id && version === one.version);
  return named.success && named.data.every(looked) ? ['holds', null] : ['fails', 'other-consents'];
}

function receiptCheck(files: Files, transfer: TransferFile, log: LogFile): Outcome {
  const entry = codesOf(log, 'disclosure.received');
  if (!files.has(PACK.receipt)) {
    return transfer.deliveredAt === null && entry === null ? ['absent', 'not-received'] : ['fails', 'none'];
  }
  const receipt = parse(files, PACK.receipt, receiptFile);
  if (receipt === null) return ['fails', 'unreadable'];
  if (entry === null) return ['fails', 'not-in-log'];
  return entry['receipt'] === receipt.digest && entry['status'] === receipt.status
    ? ['holds', null]
    : ['fails', 'another-receipt'];
}

function text(files: Files, name: string): string {
  return files.get(name)?.toString('utf8') ?? '';
}

function parse<T>(files: Files, name: string, schema: z.ZodType<T>): T | null {
  const content = files.get(name);
  if (content === undefined) return null;
  try {
    const parsed = schema.safeParse(JSON.parse(content.toString('utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
