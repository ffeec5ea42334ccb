import { notFound, RelaisError } from '../kernel/errors.js';
import { isCaseId, type CaseId, type PersonId } from '../kernel/ids.js';
import { isJsonObject, readJson, writeJson, type JsonObject, type JsonValue } from '../kernel/json.js';
import type { EntryList, WrittenEntry } from './entry-ports.js';
import type { Store } from './ports.js';
import type { Principal } from './principal.js';
import { storeCase, versionConflict } from './put-case.js';
import { isSamePerson } from './review-break-glass.js';

export interface EntryCommand {
  readonly caseId: string;
  readonly list: EntryList;
  /** Chosen by who writes, so that the same entry sent twice is written once. */
  readonly entryId: string;
  /** Its members in the case model, without `id`. */
  readonly entry: JsonObject;
  /** Version of the case that was read. */
  readonly expectedVersion: number;
  readonly requestId: string;
}

export interface EntryResult {
  readonly caseId: CaseId;
  readonly personId: PersonId;
  readonly entryId: string;
  readonly version: number;
  /** False when it stands there word for word. */
  readonly changed: boolean;
}

/**
 * Writes one entry into a case, or corrects one that the same person wrote here, for agencies without software. The stored
 * document is opened, the entry put at the end of its list (or in its place), and everything else written back byte for
 * byte: numbers as they came, members in their order, residue beside it. The earlier wording stays in the earlier version.
 *
 * @throws RelaisError 404, 403 `case.entry-author` for what somebody else wrote, 409 `case.version-conflict` when the case
 *   was changed since it was read, 422 `case.invalid` with places in the whole case
 */
export async function writeEntry(
  { store }: { readonly store: Store },
  principal: Principal,
  { caseId, list, entryId, entry, expectedVersion, requestId }: EntryCommand,
): Promise<EntryResult> {
  if (!isCaseId(caseId)) throw notFound();
  return store.asOrganization(principal.organizationId, async (tx) => {
    const stored = await tx.loadCase(caseId);
    if (stored === null) throw notFound();
    const document = readJson(stored.content) as JsonObject;
    const entries = Array.isArray(document[list]) ? (document[list] as readonly JsonValue[]) : [];
    const written: JsonObject = {
      id: entryId,
      ...entry,
      ...(list === 'workingNotes' && principal.displayName !== undefined && { author: principal.displayName }),
    };
    const at = entries.findIndex((one) => isJsonObject(one) && one['id'] === entryId);
    const ids = { caseId, personId: stored.personId, entryId };
    if (at >= 0) {
      assertAuthor(await tx.listWrittenEntries(caseId), list, entryId, principal);
      if (writeJson(entries[at]!) === writeJson(written)) return { ...ids, version: stored.version, changed: false };
    }
    if (stored.version !== expectedVersion) throw versionConflict(stored.version);
    const next = at < 0 ? [...entries, written] : entries.map((one, index) => (index === at ? written : one));
    const residue = await tx.loadResidue(caseId, stored.version);
    const { version } = await storeCase(tx, principal, caseId, { ...document, [list]: next }, requestId, {
      ...(residue !== null && { residue }),
      expectedVersion,
    });
    await tx.putWrittenEntry({ caseId, list, entryId, version, actor: principal.actor });
    await tx.audit({
      action: at < 0 ? 'case.entry-written' : 'case.entry-corrected',
      outcome: 'success',
      actor: principal.actor,
      organizations: [principal.organizationId],
      personId: stored.personId,
      requestId,
      codes: { list, entry: entryId, version },
    });
    return { ...ids, version, changed: true };
  });
}

/** What the agency's software wrote is corrected there; what a colleague wrote, by the colleague. */
function assertAuthor(written: readonly WrittenEntry[], list: EntryList, entryId: string, { actor }: Principal): void {
  const known = written.find((one) => one.list === list && one.entryId === entryId);
  if (known !== undefined && isSamePerson(known.author, actor)) return;
  throw new RelaisError(
    'case.entry-author',
    403,
    'forbidden',
    'An entry is corrected by who wrote it, where it was written.',
  );
}
