import { RelaisError } from '../kernel/errors.js';
import { readJson } from '../kernel/json.js';
import type { PairwiseIds } from '../kernel/pairwise.js';
import type { Case } from '../domain/case/case.js';
import type { Permit } from '../domain/decision/decision.js';
import { holdBack } from '../domain/labels/hold-back.js';
import type { LabelRules } from '../domain/labels/rules/rules.js';
import { withhold } from '../domain/labels/withhold.js';
import type { CompiledMapping } from '../domain/mapping/mapping.js';
import type { StoredCase } from './stored-case.js';
import type { Mapped } from './steps.js';

export interface RecordMapping {
  readonly compiled: CompiledMapping<Case>;
  readonly labelRules: LabelRules;
  readonly pairwiseId: PairwiseIds;
  /** Public base URL: root of the namespaces of agencies' own identifiers. */
  readonly publicUrl: string;
}

/**
 * Step "map": takes out what carries a mark of its own (withhold), then builds FHIR under the permit. The permitted
 * labels are a parameter of the generated mapping, so what is forbidden is never built.
 *
 * @param senderId how the sender is called in its own identifiers (sender-face)
 * @param heldBack JSON Pointers (RFC 6901) into the case: what the author keeps back, as if it were marked
 * @throws RelaisError 422 `transfer.withhold-unknown` for a pointer that names nothing in the case
 */
export function mapRecord(
  mapping: RecordMapping,
  permit: Permit,
  stored: StoredCase,
  senderId: string,
  heldBack: readonly string[] = [],
): Mapped {
  const { request, permitted } = permit;
  // What was stored came through the schema's door; it is not checked again on its way out.
  const { record, unknown } = holdBack(readJson(stored.content) as unknown as Case, heldBack);
  if (unknown.length > 0) throw namesNothing(unknown);
  const { record: sharable, withheld, kept } = withhold(mapping.labelRules, record, permitted);
  const resources = mapping.compiled.toFhir(sharable as Case, permitted, {
    resourceId: onceEach((resourceType, sourceKey) =>
      mapping.pairwiseId(request.recipientOrganizationId, resourceType, sourceKey),
    ),
    recordKey: request.caseId,
    identifierBase: `${mapping.publicUrl}/organizations/${senderId}`,
  });
  return { permit, resources, account: { kept, withheld } } as unknown as Mapped;
}

function namesNothing(positions: readonly number[]): RelaisError {
  const rule = 'transfer.withhold-unknown';
  const message = 'This names nothing in the case.';
  return new RelaisError('transfer.withhold-unknown', 422, 'value', 'Something to keep back is not in the case.', {
    violations: positions.map((position) => ({ path: `/withhold/${position}`, rule, message })),
  });
}

/** Every reference to a resource asks for its id again; one bundle computes each once. */
function onceEach(compute: (a: string, b: string) => string): (a: string, b: string) => string {
  const known = new Map<string, string>();
  return (a, b) => {
    const key = `${a}\n${b}`;
    let value = known.get(key);
    if (value === undefined) {
      value = compute(a, b);
      known.set(key, value);
    }
    return value;
  };
}
