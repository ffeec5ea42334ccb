import { setImmediate } from 'node:timers/promises';
import { RelaisError } from '../kernel/errors.js';
import type { CaseId, OrganizationId } from '../kernel/ids.js';
import { readJson, writeJson, type JsonObject, type JsonValue } from '../kernel/json.js';
import type { Case } from '../domain/case/case.js';
import { parseCase } from '../domain/case/parse-case.js';
import { toViolation } from '../domain/fhir/issue.js';
import { validateResource } from '../domain/fhir/validate.js';
import { labelIncoming } from '../domain/labels/fhir/label-incoming.js';
import type { MappingConflict, MappingContext, ResidueReason } from '../domain/mapping/mapping.js';
import { keepRecord } from '../domain/mapping/residue/keep-record.js';
import { keepResources } from '../domain/mapping/residue/keep-resources.js';
import { AT_HOME, type KeptElement } from '../domain/mapping/residue/kept.js';
import { restoreRecord } from '../domain/mapping/residue/restore-record.js';
import { MAX_DEPTH, MAX_ENTRIES } from '../domain/mapping/runtime.js';
import type { RecordMapping } from './map-record.js';
import type { OrganizationTx, Store } from './ports.js';
import type { Principal } from './principal.js';
import { assertCaseId, storeCase, type PutCaseResult } from './put-case.js';

/** What became of a bundle: counts and places, no content. */
export interface PutBundleResult extends PutCaseResult {
  /** Resources that maps took into the case. */
  readonly taken: number;
  readonly kept: {
    /** Elements kept aside, by the reason why. */
    readonly elements: number;
    readonly reasons: Readonly<Partial<Record<ResidueReason, number>>>;
    /** The first hundred places; `map` is empty for what belongs to the bundle itself. */
    readonly places: readonly { readonly map: string; readonly path: string; readonly reason: ResidueReason }[];
  };
  /** Fields of the case of which two elements say different things: the first was taken, both are kept. */
  readonly conflicts: readonly { readonly map: string; readonly path: string }[];
}

const MOST_PLACES = 100;

/**
 * Takes a case as a FHIR R4 Bundle: validated, mapped by the shipped case maps, through the same door as any other case,
 * and what no rule covers is kept beside it in the same transaction. What FHIR cannot say (working notes, what is said
 * about fields) stays as the version before had it.
 *
 * @throws RelaisError 422 `case.fhir-invalid`, `case.invalid` (both with every place and rule), `mapping.*`
 */
export async function putCaseBundle(
  { store, mapping }: { readonly store: Store; readonly mapping: RecordMapping },
  principal: Principal,
  caseId: string,
  bundle: JsonObject,
  requestId: string,
): Promise<PutBundleResult> {
  assertCaseId(caseId);
  assertValid(bundle);
  // Each step blocks the process for as long as it takes; others have their turn in between.
  await setImmediate();
  const context = homeContext(mapping, principal.organizationId, caseId);
  const { compiled } = mapping;
  const came = compiled.fromFhir(bundle, AT_HOME, context);
  await setImmediate();
  return store.asOrganization(principal.organizationId, async (tx) => {
    const unlabelled = await withUnsaid(tx, mapping, caseId, came.record, context);
    const identify = compiled.identify(context);
    const entries = (bundle['entry'] ?? []) as readonly { readonly resource?: JsonObject; readonly fullUrl?: string }[];
    const taken = entries.flatMap(({ resource, fullUrl }) => {
      const item = resource === undefined ? null : identify(resource, fullUrl);
      return resource === undefined || item === null ? [] : [{ map: item.map, key: item.key, resource }];
    });
    const record = labelIncoming(mapping.labelRules, unlabelled as JsonObject, taken) as JsonValue;
    const { kept } = keepResources(compiled, bundle, parseCase(record), came.residue, AT_HOME, context);
    const residue = { content: writeJson(kept as unknown as JsonValue), mappingVersion: compiled.version };
    const stored = await storeCase(tx, principal, caseId, record, requestId, kept.length === 0 ? {} : { residue });
    return { ...stored, taken: taken.length, kept: summary(kept), conflicts: placesOf(came.conflicts) };
  });
}

/** How an organization's own case looks as FHIR: its own pairwise ids, its own identifiers. */
export function homeContext(
  { pairwiseId, publicUrl }: RecordMapping,
  organizationId: OrganizationId,
  caseId: CaseId,
): MappingContext {
  return {
    resourceId: (resourceType, sourceKey) => pairwiseId(organizationId, resourceType, sourceKey),
    recordKey: caseId,
    identifierBase: `${publicUrl}/organizations/${organizationId}`,
  };
}

/** Size before anything is looked at, then base FHIR R4. */
function assertValid(bundle: JsonObject): void {
  const { entry } = bundle;
  if (Array.isArray(entry) && entry.length > MAX_ENTRIES) {
    throw new RelaisError(
      'mapping.too-large',
      422,
      'too-long',
      `A bundle of more than ${MAX_ENTRIES} entries is not read.`,
    );
  }
  if (bundle['resourceType'] !== 'Bundle') {
    throw new RelaisError('mapping.no-bundle', 422, 'invalid', 'This is not a FHIR Bundle.');
  }
  const errors = validateResource(bundle, { maxDepth: MAX_DEPTH }).filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return;
  throw new RelaisError('case.fhir-invalid', 422, 'invalid', 'The bundle is not valid FHIR R4.', {
    violations: errors.map(toViolation),
  });
}

/**
 * FHIR has no words for some of what a case says: leaving it out is not taking it back. A mark such as "do not share"
 * must not vanish because a system that cannot say it sent the rest.
 */
async function withUnsaid(
  tx: OrganizationTx,
  { compiled }: RecordMapping,
  caseId: CaseId,
  came: Partial<Case>,
  context: MappingContext,
): Promise<JsonValue> {
  const record = readJson(writeJson({ schemaVersion: 1, ...came } as unknown as JsonValue)) as unknown as Case;
  const stored = await tx.loadCase(caseId);
  const before = stored === null ? null : (readJson(stored.content) as unknown as Case);
  if (before === null || before.person.id !== record.person?.id) return record as unknown as JsonValue;
  const { kept } = keepRecord(compiled, before, AT_HOME, context);
  const unsaid = kept.filter(({ reason }) => reason === 'unread');
  const { workingNotes } = before;
  const whole = {
    ...restoreRecord<Case>(record, unsaid, AT_HOME),
    ...(workingNotes !== undefined && { workingNotes }),
  };
  return whole as unknown as JsonValue;
}

function summary(kept: readonly KeptElement[]): PutBundleResult['kept'] {
  const reasons: Partial<Record<ResidueReason, number>> = {};
  for (const { reason } of kept) reasons[reason] = (reasons[reason] ?? 0) + 1;
  const places = kept.slice(0, MOST_PLACES).map(({ map, path, reason }) => ({ map, path, reason }));
  return { elements: kept.length, reasons, places };
}

const placesOf = (conflicts: readonly MappingConflict[]): PutBundleResult['conflicts'] =>
  conflicts.slice(0, MOST_PLACES).map(({ map, path }) => ({ map, path }));
