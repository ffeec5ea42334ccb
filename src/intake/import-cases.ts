import type { Actor } from '../kernel/actor.js';
import { RelaisError, type Violation } from '../kernel/errors.js';
import { isCaseId, type CaseId, type OrganizationId } from '../kernel/ids.js';
import { isJsonObject, readJson, type JsonValue } from '../kernel/json.js';
import { parseCase } from '../domain/case/parse-case.js';
import { storeCase } from '../transfer/put-case.js';
import type { OrganizationTx, Store } from '../transfer/ports.js';
import type { Principal } from '../transfer/principal.js';

/** One line of an NDJSON file; `bytes` is null when the line was longer than the reader allows. */
export interface NumberedLine {
  readonly line: number;
  readonly bytes: Buffer | null;
  /** Bytes of the file up to the end of the line. */
  readonly bytesRead: number;
}

export interface CaseLineFinding extends Violation {
  readonly line: number;
}

export interface CaseImport {
  readonly organizationId: OrganizationId;
  readonly actor: Actor;
  /** The file from its beginning; asked twice when all or nothing is to be stored. */
  readonly lines: () => AsyncIterable<NumberedLine>;
  readonly allOrNothing: boolean;
  readonly report: (finding: CaseLineFinding) => void;
  readonly progress?: (linesDone: number, bytesDone: number) => void;
}

export interface CaseImportResult {
  readonly lines: number;
  readonly stored: number;
  readonly unchanged: number;
  readonly refused: number;
  /** Lines were refused and nothing was stored because of it. */
  readonly nothingStored: boolean;
}

const LINES_PER_TRANSACTION = 100;

/**
 * Imports case documents, one a line: the document itself, whose case id is then its `person.id`, or
 * `{"id": …, "case": …}` where a person has several. Good lines are stored, in transactions of 100; bad ones are
 * reported by line, place and rule. Done twice, the second time changes nothing.
 */
export async function importCases(
  { store }: { readonly store: Store },
  request: CaseImport,
): Promise<CaseImportResult> {
  const principal: Principal = {
    actor: request.actor,
    organizationId: request.organizationId,
    via: 'staff-session',
    scopes: new Set(),
    roles: new Set(),
  };
  const result = request.allOrNothing
    ? await importWhole(store, principal, request)
    : await importInParts(store, principal, request);
  await store.asOrganization(request.organizationId, (tx) =>
    tx.audit({
      action: 'import.finished',
      outcome: result.nothingStored ? 'failure' : 'success',
      actor: request.actor,
      organizations: [request.organizationId],
      codes: { format: 'cases', lines: result.lines, stored: result.stored, refused: result.refused },
    }),
  );
  return result;
}

interface CaseLine {
  readonly caseId: CaseId;
  readonly document: JsonValue;
}

async function importInParts(store: Store, principal: Principal, request: CaseImport): Promise<CaseImportResult> {
  const counts = { lines: 0, stored: 0, unchanged: 0, refused: 0, nothingStored: false };
  let waiting: CaseLine[] = [];
  const flush = async (): Promise<void> => {
    const batch = waiting;
    waiting = [];
    if (batch.length === 0) return;
    const stored = await store.asOrganization(principal.organizationId, (tx) => storeAll(tx, principal, batch));
    counts.stored += stored;
    counts.unchanged += batch.length - stored;
  };
  for await (const numbered of request.lines()) {
    counts.lines += 1;
    const read = readLine(numbered, request.report);
    if (read === null) counts.refused += 1;
    else waiting.push(read);
    if (waiting.length === LINES_PER_TRANSACTION) await flush();
    request.progress?.(counts.lines, numbered.bytesRead);
  }
  await flush();
  return counts;
}

/** First every line is checked, then all are stored in one transaction. */
async function importWhole(store: Store, principal: Principal, request: CaseImport): Promise<CaseImportResult> {
  const counts = { lines: 0, stored: 0, unchanged: 0, refused: 0, nothingStored: false };
  for await (const numbered of request.lines()) {
    counts.lines += 1;
    if (readLine(numbered, request.report) === null) counts.refused += 1;
    request.progress?.(counts.lines, numbered.bytesRead / 2);
  }
  if (counts.refused > 0) return { ...counts, nothingStored: true };
  const stored = await store.asOrganization(principal.organizationId, async (tx) => {
    let changed = 0;
    for await (const numbered of request.lines()) {
      const read = readLine(numbered, () => undefined);
      // The file changed between the two readings: the transaction ends with nothing.
      if (read === null)
        throw new RelaisError('import.file-changed', 409, 'conflict', 'The file changed while it was read.');
      changed += await storeAll(tx, principal, [read]);
    }
    return changed;
  });
  return { ...counts, stored, unchanged: counts.lines - stored };
}

/** @returns how many were not there yet, or differed */
async function storeAll(tx: OrganizationTx, principal: Principal, batch: readonly CaseLine[]): Promise<number> {
  let changed = 0;
  for (const { caseId, document } of batch) {
    const result = await storeCase(tx, principal, caseId, document);
    if (result.changed) changed += 1;
  }
  return changed;
}

function readLine({ line, bytes }: NumberedLine, report: (finding: CaseLineFinding) => void): CaseLine | null {
  const refuse = (path: string, rule: string, message: string): null => {
    report({ line, path, rule, message });
    return null;
  };
  if (bytes === null) return refuse('', 'import.line-too-long', 'The line is longer than a case may be.');
  try {
    const value = readJson(bytes);
    const wrapped = isJsonObject(value) && Object.hasOwn(value, 'case') && Object.hasOwn(value, 'id');
    const document = wrapped ? value['case']! : value;
    const record = parseCase(document);
    const caseId = wrapped ? value['id'] : record.person.id;
    if (typeof caseId !== 'string' || !isCaseId(caseId)) {
      return refuse('/id', 'case.id', 'A case id has 1 to 64 of A-Z a-z 0-9 . _ -');
    }
    return { caseId, document };
  } catch (error) {
    if (!(error instanceof RelaisError)) throw error;
    if (error.violations.length === 0) return refuse('', error.code, error.message);
    for (const violation of error.violations) report({ line, ...violation });
    return null;
  }
}
