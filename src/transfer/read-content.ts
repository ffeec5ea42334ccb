import { notFound, RelaisError } from '../kernel/errors.js';
import type { TransferId } from '../kernel/ids.js';
import { readJson, writeJson, type JsonObject, type JsonValue } from '../kernel/json.js';
import type { Case } from '../domain/case/case.js';
import { auditTransferReads } from './audit-read.js';
import type { RecordMapping } from './map-record.js';
import type { BundleFrame } from './pin-bundle.js';
import type { Store } from './ports.js';
import type { Transfer } from './transfer.js';
import type { Principal } from './principal.js';
import { senderFace, type SenderFace } from './sender-face.js';

export interface SentContent {
  readonly transferId: TransferId;
  /** SHA-256 (hex) of the bytes. */
  readonly digest: string;
  /** The FHIR R4 transaction Bundle as it was sent. */
  readonly bundle: JsonObject;
  /** The same in the words of the case model, read back by the maps; null where they cannot. */
  readonly record: JsonObject | null;
  /** What was purged is not given. */
  readonly purgedAt: null;
}

/**
 * What a transfer sends, or sent, for its sender and, from the delivery on, for its recipient. The reading is in the log
 * before a byte of it is answered; the recipient's counts as a disclosure.
 *
 * @throws RelaisError 404, the same for what is another's; 410 `transfer.content-purged`
 */
export function readContent(
  { store, mapping, frame }: { readonly store: Store; readonly mapping: RecordMapping; readonly frame: BundleFrame },
  principal: Principal,
  id: TransferId,
  requestId: string,
): Promise<SentContent> {
  return store.asOrganization(principal.organizationId, async (tx) => {
    const transfer = await tx.loadTransfer(id);
    if (transfer === null || transfer.digest === null) throw notFound();
    const [now, wire, sender] = await Promise.all([
      tx.now(),
      tx.loadWire(id),
      tx.loadOrganization(transfer.senderOrganizationId),
    ]);
    // The term ends by the database's time, whether or not the content was deleted yet.
    if (wire === null || (transfer.purgeAt !== null && transfer.purgeAt <= now)) throw contentPurged();
    await auditTransferReads(tx, { principal, requestId }, 'content', [transfer]);
    const bundle = readJson(wire) as JsonObject;
    const record = recordIn(mapping, transfer, senderFace(frame, transfer, sender), bundle);
    return { transferId: id, digest: transfer.digest, bundle, record, purgedAt: null };
  });
}

/** A bundle in the words of the case model, read back by the maps; null where they cannot. */
export function recordIn(
  { compiled, publicUrl }: RecordMapping,
  { permitted }: Pick<Transfer, 'permitted'>,
  face: SenderFace,
  bundle: JsonObject,
): JsonObject | null {
  try {
    const context = { identifierBase: `${publicUrl}/organizations/${face.id}` };
    const { record }: { record: Partial<Case> } = compiled.fromFhir(bundle, permitted, context);
    return readJson(writeJson({ schemaVersion: 1, ...record } as unknown as JsonValue)) as JsonObject;
  } catch (error) {
    // What was sent by other maps may be beyond these; the bundle says it all the same.
    if (error instanceof RelaisError) return null;
    throw error;
  }
}

export function contentPurged(): RelaisError {
  return new RelaisError(
    'transfer.content-purged',
    410,
    'not-found',
    'The content is not kept any more: its term is over, or the person was erased. The proof that it was sent stays.',
  );
}
