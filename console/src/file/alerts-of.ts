import type { CaseDocument, CaseValue } from '../api/views.js';
import { isDocument, isList } from '../record/marks.js';

const ALERTS = [
  'contactProhibited',
  'protectedAddress',
  'noVoicemail',
  'interpreter',
  'represented',
  'violence',
] as const;
export type FileAlert = (typeof ALERTS)[number];

/** What one must know before picking up the telephone; each from a field of the record, none guessed. */
export function alertsOf(document: CaseDocument): readonly FileAlert[] {
  const communication = isDocument(document['communication']) ? document['communication'] : {};
  const representation = isDocument(document['representation']) ? document['representation'] : {};
  const safety = isDocument(document['safety']) ? document['safety'] : {};
  const some = (value: CaseValue | undefined, test: (entry: CaseDocument) => boolean): boolean =>
    isList(value) && value.some(test);
  const found: Record<FileAlert, boolean> = {
    contactProhibited: communication['contactProhibited'] === true,
    protectedAddress: some(document['addresses'], (address) => address['protected'] === true),
    noVoicemail: communication['voicemailAllowed'] === false,
    interpreter: communication['interpreter'] === 'required' || communication['interpreter'] === 'helpful',
    represented: some(representation['measures'], ({ status }) => status !== 'ended'),
    violence: some(
      safety['risks'],
      ({ kind, status }) => typeof kind === 'string' && /violence/.test(kind) && status === 'open',
    ),
  };
  return ALERTS.filter((alert) => found[alert]);
}
