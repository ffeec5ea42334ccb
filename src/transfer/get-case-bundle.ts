import { notFound } from '../kernel/errors.js';
import { isCaseId } from '../kernel/ids.js';
import { readJson, type JsonObject } from '../kernel/json.js';
import type { Case } from '../domain/case/case.js';
import { AT_HOME, type KeptElement } from '../domain/mapping/residue/kept.js';
import { restoreResources } from '../domain/mapping/residue/restore-resources.js';
import type { RecordMapping } from './map-record.js';
import type { Store } from './ports.js';
import type { Principal } from './principal.js';
import { homeContext } from './put-case-bundle.js';

/**
 * Gives an organization its own case back as a FHIR R4 Bundle, with what was kept aside of the bundle that it came as
 * put back. Reading is audited. Nothing that leaves for another organization comes this way.
 *
 * @throws RelaisError 404
 */
export async function getCaseBundle(
  { store, mapping }: { readonly store: Store; readonly mapping: RecordMapping },
  principal: Principal,
  caseId: string,
  requestId: string,
): Promise<JsonObject> {
  if (!isCaseId(caseId)) throw notFound();
  const context = homeContext(mapping, principal.organizationId, caseId);
  return store.asOrganization(principal.organizationId, async (tx) => {
    const stored = await tx.loadCase(caseId);
    if (stored === null) throw notFound();
    const residue = await tx.loadResidue(caseId, stored.version);
    await tx.audit({
      action: 'case.read',
      outcome: 'success',
      actor: principal.actor,
      organizations: [principal.organizationId],
      personId: stored.personId,
      requestId,
      codes: { version: stored.version, form: 'fhir-r4' },
    });
    const resources = mapping.compiled.toFhir(readJson(stored.content) as unknown as Case, AT_HOME, context);
    const kept = residue === null ? [] : (readJson(residue.content) as unknown as readonly KeptElement[]);
    return restoreResources(mapping.compiled, resources, kept, AT_HOME, context) as unknown as JsonObject;
  });
}
