import { setTimeout as sleep } from 'node:timers/promises';
import { notFound, RelaisError } from '../kernel/errors.js';
import type { Lang } from '../kernel/i18n.js';
import type { TransferId } from '../kernel/ids.js';
import { evidencePage } from '../domain/evidence/evidence-page.js';
import {
  jsonFile,
  manifestOf,
  PACK,
  type DecisionsFile,
  type KeysFile,
  type ReceiptFile,
  type TransferFile,
} from '../domain/evidence/pack.js';
import { writeZip } from '../domain/evidence/zip.js';
import type { AuditProofReader, AuditProofs } from './audit-ports.js';
import type { BundleSigner } from './door-ports.js';
import type { Organization } from './partner.js';
import type { OrganizationTx, Store } from './ports.js';
import type { Transfer } from './transfer.js';
import type { Principal } from './principal.js';

export interface ExportEvidenceDeps {
  readonly store: Store & AuditProofReader;
  readonly sign: BundleSigner;
  /** Public keys that ever signed a bundle. */
  readonly bundleKeys: () => Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Numbers and signs what waits, so that the newest entries are proven as well. */
  readonly signLog: () => Promise<void>;
}

export interface EvidenceCommand {
  readonly lang: Lang;
  /** The bytes that were sent as well: for who may read the case. */
  readonly withContent: boolean;
  readonly requestId?: string;
}

/**
 * One zip that proves, to somebody who has no database, what a transfer was: what was approved and on what ground, that
 * it left and arrived, and that the log says so. For the sender. The export is audited before the zip exists.
 *
 * @throws RelaisError 404; 403 `evidence.content` for content without the right to it; 503 `evidence.log-unsigned`
 */
export async function exportEvidence(
  deps: ExportEvidenceDeps,
  principal: Pick<Principal, 'actor' | 'organizationId' | 'roles'>,
  id: TransferId,
  { lang, withContent, requestId }: EvidenceCommand,
): Promise<Buffer> {
  if (withContent && !principal.roles.has('caseworker')) {
    throw new RelaisError('evidence.content', 403, 'forbidden', 'The content is for who may read the case.');
  }
  const { organizationId } = principal;
  const told = await deps.store.asOrganization(organizationId, async (tx) => {
    const told = await gather(tx, id, withContent);
    await tx.audit({
      action: 'evidence.exported',
      outcome: 'success',
      actor: principal.actor,
      organizations: [organizationId],
      ...(told.transfer.personId !== null && { personId: told.transfer.personId }),
      transferId: id,
      ...(requestId !== undefined && { requestId }),
      codes: { content: told.bundle !== null },
    });
    return told;
  });
  const proofs = await proveNewest(deps, organizationId, id);
  if (proofs === null || proofs.entries.length === 0) {
    throw new RelaisError('evidence.log-unsigned', 503, 'transient', 'The log is not signed yet; try again shortly.', {
      retryAfterSeconds: 2,
    });
  }
  const keys: KeysFile = {
    checkpointKeys: [...(await deps.store.checkpointKeys())],
    jwks: { keys: (await deps.bundleKeys()) as KeysFile['jwks']['keys'] },
  };
  return pack(deps.sign, told, proofs, keys, lang);
}

/** Another process may be numbering: it is done within a moment. */
async function proveNewest(
  { store, signLog }: ExportEvidenceDeps,
  organizationId: Organization['id'],
  transferId: TransferId,
): Promise<AuditProofs | null> {
  for (let round = 0; ; round += 1) {
    await signLog();
    const proofs = await store.auditProofs(organizationId, { transferId });
    if ((proofs !== null && proofs.unproven.length === 0) || round === 10) return proofs;
    await sleep(200);
  }
}

interface Told {
  readonly transfer: Transfer;
  readonly file: TransferFile;
  readonly decisions: DecisionsFile;
  readonly agreement: object | null;
  readonly receipt: ReceiptFile | null;
  readonly signature: string | null;
  readonly bundle: Buffer | null;
  readonly madeAt: string;
}

async function gather(tx: OrganizationTx, id: TransferId, withContent: boolean): Promise<Told> {
  const transfer = await tx.loadTransfer(id);
  const proofs = await tx.proofsOf(id);
  if (transfer === null || proofs === null) throw notFound();
  const { agreement, senderOrganizationId: sender, recipientOrganizationId: recipient } = transfer;
  const organizations = await tx.listOrganizations();
  const party = (of: Organization['id']) => ({ id: of, name: organizations.find((one) => one.id === of)?.name ?? '' });
  const file: TransferFile = {
    id,
    reference: transfer.reference,
    status: transfer.status,
    sender: party(sender),
    recipient: party(recipient),
    purpose: transfer.purpose,
    permitted: transfer.permitted,
    ground: groundOf(transfer),
    agreement,
    mappingVersion: proofs.mappingVersion,
    digest: transfer.digest,
    commitmentSalt: proofs.commitmentSalt?.toString('hex') ?? null,
    withheldElements: transfer.withheldElements,
    requestedAt: transfer.requestedAt,
    deliveredAt: transfer.deliveredAt,
    contentPurgedAt: transfer.contentPurgedAt,
    timeline: transfer.timeline.map(({ at, status, reasons }) => ({
      at,
      status,
      reasons: reasons.map(({ code }) => code),
    })),
  };
  return {
    transfer,
    file,
    decisions: (await tx.decisionsOf(id)) as unknown as DecisionsFile,
    agreement: agreement === null ? null : await tx.loadAgreement(agreement.id, agreement.version),
    receipt: proofs.receipt,
    signature: proofs.signature,
    bundle: withContent ? await tx.loadWire(id) : null,
    madeAt: await tx.now(),
  };
}

function groundOf({ ground }: Transfer): TransferFile['ground'] {
  return ground === null ? null : { dataProtectionBasis: ground.dataProtectionBasis, secrecy: { ...ground.secrecy } };
}

async function pack(sign: BundleSigner, told: Told, proofs: AuditProofs, keys: KeysFile, lang: Lang): Promise<Buffer> {
  const { file, decisions, agreement, receipt, signature, bundle, madeAt } = told;
  const files = new Map<string, Buffer>();
  const page = evidencePage({
    transfer: file,
    decisions,
    receipt,
    proofs,
    signature,
    madeAt,
    content: bundle !== null,
    lang,
  });
  files.set(PACK.page, Buffer.from(page));
  files.set(PACK.transfer, jsonFile(file));
  files.set(PACK.decisions, jsonFile(decisions));
  if (agreement !== null) files.set(PACK.agreement, jsonFile(agreement));
  if (receipt !== null) files.set(PACK.receipt, jsonFile(receipt));
  files.set(PACK.log, jsonFile({ entries: proofs.entries, unproven: proofs.unproven }));
  files.set(PACK.checkpoint, Buffer.from(proofs.checkpoint));
  if (signature !== null) files.set(PACK.signature, Buffer.from(`${signature}\n`));
  files.set(PACK.keys, jsonFile(keys));
  if (bundle !== null) files.set(PACK.bundle, bundle);
  const manifest = manifestOf(file.id, madeAt, files);
  files.set(PACK.manifest, manifest);
  files.set(PACK.manifestSignature, Buffer.from(`${await sign(manifest)}\n`));
  return writeZip(files);
}
