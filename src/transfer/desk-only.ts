import { isAgainstDanger } from '../domain/decision/ground.js';
import { maskOf, type DataLabel } from '../domain/labels/labels.js';
import type { ConsentRule, ConsentTerms } from '../domain/consent/terms.js';
import type { Organization } from './partner.js';
import type { Transfer } from './transfer.js';

/**
 * What is read at the desk and never by a link. A telephone is looked at by others, and somebody may stand behind the
 * person: a line that could endanger is shown where a professional sits beside it. By a link nothing tells that there is
 * such a line: every page says the same sentence, whether it left something out or not (docs/access-links.md).
 */

/** A line that passed one of these on tells more than a name and a date, even where its words do not name the label. */
const REVEALING: ReadonlySet<DataLabel> = new Set<DataLabel>([
  'safety',
  'immigration',
  'justice',
  'addiction',
  'psychiatry',
  'hiv',
  'reproductive-health',
  'sexuality',
  'religion',
  'ethnicity',
  'violence',
  'protected-address',
  'safeguarding',
  'staff-alert',
]);
const REVEALING_MASK = maskOf(REVEALING);

/** Refusals that tell of an emergency, or of a ground on which somebody is protected. */
const REVEALING_REASON = /^deny\.(break-glass|ground-)/;

/** Its mere name reveals something; what is not known reveals we do not know what. */
export function revealsByName(recipient: Organization | undefined): boolean {
  return recipient === undefined || recipient.confidentialByNature;
}

/** @param recipient as the directory has it */
export function isDeskOnly(transfer: Transfer, recipient: Organization | undefined): boolean {
  const { ground, permitted, reasons, timeline } = transfer;
  return (
    revealsByName(recipient) ||
    (ground !== null && isAgainstDanger(ground.secrecy.kind)) ||
    (permitted & REVEALING_MASK) !== 0 ||
    [...reasons, ...timeline.flatMap((event) => event.reasons)].some(({ code }) => REVEALING_REASON.test(code))
  );
}

/** The same for a decision of the person: whom it names and what it allows. */
export function isDeskOnlyConsent(
  { rules }: Pick<ConsentTerms, 'rules'>,
  organizationOf: (id: string) => Organization | undefined,
): boolean {
  const reveals = ({ recipients = [], labels = [], exceptions = [] }: ConsentRule): boolean =>
    recipients.some((id) => revealsByName(organizationOf(id))) ||
    labels.some((label) => REVEALING.has(label)) ||
    exceptions.some(reveals);
  return rules.some(reveals);
}
