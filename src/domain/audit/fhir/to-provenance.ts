import type { Provenance } from 'fhir/r4.js';
import type { Instant } from '../../../kernel/clock.js';
import { concept, logical, purposeOf, type AuditedTransfer, type AuditReader } from './audited.js';
import { organizationOf, relais } from './participants.js';

const OPERATION = 'http://terminology.hl7.org/CodeSystem/v3-DataOperation';
const PARTICIPANT = 'http://terminology.hl7.org/CodeSystem/provenance-participant-type';
/** urn:iso-astm:E1762-95:2013, "author's signature". */
const SIGNATURE = { system: 'urn:iso-astm:E1762-95:2013', code: '1.2.840.10065.1.12.1.1' };

/** Where a transfer stands: what its Provenance is made of. */
export interface TransferProvenance {
  readonly transfer: AuditedTransfer;
  readonly deliveredAt: Instant;
  /** Of each report of the recipient on the referral, oldest first. */
  readonly reports: readonly Instant[];
  /** Detached JWS over the bytes that were sent; null when there is none. */
  readonly jws: string | null;
}

/**
 * Who made what was sent and when (FHIR R4 Provenance): one with activity CREATE for the delivery, one with UPDATE for
 * each report of the recipient, with the state before it as a revision. The signature is the one that went with the
 * bytes; its targets are the referral and everything that the recipient made of the bundle.
 */
export function toProvenance(reader: AuditReader, { transfer, ...told }: TransferProvenance): Provenance[] {
  const { taskId, id, purpose, senderOrganizationId: sender, recipientOrganizationId: recipient } = transfer;
  const { publicUrl } = reader;
  const task = { reference: `Task/${taskId}`, type: 'Task' };
  const bundle = logical(publicUrl, 'transfers', id, 'Bundle');
  const who = (organizationId: typeof sender) => organizationOf(reader, organizationId, transfer);
  const created: Provenance = {
    resourceType: 'Provenance',
    id: `${id}-0`,
    target: [task, bundle],
    occurredDateTime: told.deliveredAt,
    recorded: told.deliveredAt,
    reason: [purposeOf(purpose)],
    activity: concept(OPERATION, 'CREATE'),
    agent: [
      { type: concept(PARTICIPANT, 'author'), who: who(sender) },
      { type: concept(PARTICIPANT, 'transmitter'), who: relais(publicUrl), onBehalfOf: who(sender) },
    ],
    entity: [{ role: 'source', what: bundle }],
    ...(told.jws !== null && {
      signature: [
        {
          type: [SIGNATURE],
          when: told.deliveredAt,
          who: relais(publicUrl),
          targetFormat: 'application/fhir+json',
          sigFormat: 'application/jose',
          data: Buffer.from(told.jws).toString('base64'),
        },
      ],
    }),
  };
  const updates = told.reports.map((at, index): Provenance => ({
    resourceType: 'Provenance',
    id: `${id}-${index + 1}`,
    target: [task],
    occurredDateTime: at,
    recorded: at,
    activity: concept(OPERATION, 'UPDATE'),
    agent: [{ type: concept(PARTICIPANT, 'author'), who: who(recipient) }],
    entity: [{ role: 'revision', what: { ...task, display: `state ${index}` } }],
  }));
  return [created, ...updates];
}
