import { createHash } from 'node:crypto';
import { notFound, RelaisError } from '../kernel/errors.js';
import type { AgreementId } from '../kernel/ids.js';
import type { KeptOriginal, SignedOriginal } from './agreement-ports.js';
import type { Store } from './ports.js';
import type { Principal } from './principal.js';

/** First bytes of the file formats: a scan is what it says it is. */
const BEGINNINGS: Readonly<Record<SignedOriginal['mediaType'], Buffer>> = {
  'application/pdf': Buffer.from('%PDF-', 'latin1'),
  'image/png': Buffer.from([0x89, 0x50, 0x4e, 0x47]),
  'image/jpeg': Buffer.from([0xff, 0xd8, 0xff]),
};

/**
 * Keeps the signed paper of a version: encrypted, once, with its digest in the log.
 *
 * @throws RelaisError 404, 422 `agreement.original-type`, 409 `agreement.original-kept`
 */
export async function putOriginal(
  { store }: { readonly store: Store },
  principal: Principal,
  original: Omit<SignedOriginal, 'digest'>,
  requestId: string,
): Promise<KeptOriginal> {
  const { agreementId, version, mediaType, content } = original;
  const beginning = BEGINNINGS[mediaType];
  if (!content.subarray(0, beginning.length).equals(beginning)) {
    throw new RelaisError('agreement.original-type', 422, 'value', 'The file is not of the type that it says.', {
      violations: [{ path: '/content', rule: 'agreement.original-type', message: 'Must begin as a file of its type.' }],
    });
  }
  const digest = createHash('sha256').update(content).digest('hex');
  return store.asOrganization(principal.organizationId, async (tx) => {
    const agreement = await tx.loadAgreement(agreementId, version);
    if (agreement === null || !agreement.parties.includes(principal.organizationId)) throw notFound();
    if (!(await tx.putOriginal({ ...original, digest }, agreement.parties, principal.actor))) {
      throw new RelaisError(
        'agreement.original-kept',
        409,
        'conflict',
        'This version has its signed original already.',
      );
    }
    await tx.audit({
      action: 'agreement.original-stored',
      outcome: 'success',
      actor: principal.actor,
      organizations: agreement.parties,
      requestId,
      codes: { agreement: agreementId, version, digest },
    });
    return { ...original, digest, recordedAt: await tx.now() };
  });
}

/** @throws RelaisError 404 */
export async function getOriginal(
  { store }: { readonly store: Store },
  principal: Principal,
  agreementId: AgreementId,
  version: number,
): Promise<KeptOriginal> {
  const found = await store.asOrganization(principal.organizationId, (tx) => tx.loadOriginal(agreementId, version));
  if (found === null) throw notFound();
  return found;
}
