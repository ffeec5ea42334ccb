import { notFound } from '../kernel/errors.js';
import type { Instant } from '../kernel/clock.js';
import { isCaseId, type StaffId } from '../kernel/ids.js';
import { readJson, writeJson, type JsonObject } from '../kernel/json.js';
import type { DraftPart } from './desk-ports.js';
import type { Store } from './ports.js';
import type { Principal } from './principal.js';

export interface KeptDraft {
  readonly draft: JsonObject | null;
  readonly savedAt: Instant | null;
}

/**
 * Keeps what a member of staff has begun to write about a case, for them alone; an empty object takes it away. The log says
 * that there is one and when it went, not every time that it is saved.
 *
 * @throws RelaisError 404 for a case of another organization
 */
export function putDraft(
  { store }: { readonly store: Store },
  principal: Principal,
  caseId: string,
  part: DraftPart,
  draft: JsonObject,
  requestId: string,
): Promise<KeptDraft> {
  if (!isCaseId(caseId)) throw notFound();
  const staffId = principal.actor.id as StaffId;
  return store.asOrganization(principal.organizationId, async (tx) => {
    const personId = await tx.personOfCase(caseId);
    if (personId === null) throw notFound();
    const shared = {
      outcome: 'success',
      actor: principal.actor,
      organizations: [principal.organizationId],
      personId,
      requestId,
    } as const;
    if (Object.keys(draft).length === 0) {
      if (await tx.deleteDraft(staffId, caseId, part)) await tx.audit({ ...shared, action: 'draft.deleted' });
      return { draft: null, savedAt: null };
    }
    const { savedAt, isNew } = await tx.putDraft({ caseId, staffId, part, personId, content: writeJson(draft) });
    if (isNew) await tx.audit({ ...shared, action: 'draft.begun' });
    return { draft, savedAt };
  });
}

/** One's own draft, or none. @throws RelaisError 404 for a case of another organization */
export function getDraft(
  { store }: { readonly store: Store },
  principal: Principal,
  caseId: string,
  part: DraftPart,
  requestId: string,
): Promise<KeptDraft> {
  if (!isCaseId(caseId)) throw notFound();
  return store.asOrganization(principal.organizationId, async (tx) => {
    if ((await tx.personOfCase(caseId)) === null) throw notFound();
    const found = await tx.loadDraft(principal.actor.id as StaffId, caseId, part);
    if (found === null) return { draft: null, savedAt: null };
    await tx.audit({
      action: 'draft.read',
      outcome: 'success',
      actor: principal.actor,
      organizations: [principal.organizationId],
      personId: found.personId,
      requestId,
    });
    return { draft: readJson(found.content) as JsonObject, savedAt: found.savedAt };
  });
}
