import { createHash } from 'node:crypto';
import type { FindResult, OutboundIdentifier } from '../../transfer/door-ports.js';
import type { DeliveryCause } from './delivery-causes.js';
import { judgeAnswer, list, parseJson, type Answer, type Json } from './judge-answer.js';

/**
 * What a partner's answer to "do you have this?" means (FHIR R4 search, https://hl7.org/fhir/R4/http.html#search). A
 * resource counts only when it bears the identifier: a server that does not know the parameter would answer with
 * everything it has, and a record that never arrived would pass for delivered. Such an answer says neither yes nor no.
 */
export function judgeSearch(answer: Answer, identifier: OutboundIdentifier, url: string): FindResult {
  if (answer.status < 200 || answer.status > 299) {
    const judged = judgeAnswer(answer, { url, contentType: 'application/fhir+json' });
    // Only a success is "received", and this is none.
    return judged.kind === 'received' ? notUnderstood(answer) : judged;
  }
  const bundle = parseJson(answer);
  if (bundle?.['resourceType'] !== 'Bundle' || bundle['type'] !== 'searchset') return notUnderstood(answer);
  const resources = list(bundle['entry'])
    .filter(({ search }) => (search as Json | undefined)?.['mode'] !== 'outcome')
    .flatMap(({ resource }) => list([resource]));
  const found = resources.find((resource) =>
    list(resource['identifier']).some(
      ({ system, value }) => system === identifier.system && value === identifier.value,
    ),
  );
  if (found === undefined) return resources.length === 0 && !more(bundle) ? { kind: 'absent' } : notUnderstood(answer);
  const digest = createHash('sha256').update(answer.body).digest('hex');
  return { kind: 'found', receipt: { status: answer.status, digest, location: locationOf(found, url), found: true } };
}

function more(bundle: Json): boolean {
  return Number(bundle['total'] ?? 0) > 0 || list(bundle['link']).some(({ relation }) => relation === 'next');
}

function locationOf({ resourceType, id }: Json, base: string): string | null {
  if (typeof id !== 'string' || !/^[A-Za-z0-9.-]{1,64}$/.test(id)) return null;
  return `${base.replace(/\/$/, '')}/${String(resourceType)}/${id}`;
}

function notUnderstood({ status }: Answer): FindResult {
  return { kind: 'rejected', cause: 'answer-not-understood' satisfies DeliveryCause, status };
}
