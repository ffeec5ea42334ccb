import type { Actor } from '../kernel/actor.js';
import type { OrganizationId } from '../kernel/ids.js';
import type { AuditFact } from '../domain/audit/entry.js';
import type { HmisVersion } from '../domain/hmis/define-table.js';
import type { Finding } from '../domain/hmis/rules.js';
import { MAPPED_FILES } from '../domain/hmis/tables.js';
import { arrangeExport, type ArrangedExport } from './arrange-export.js';
import { importHmisFile } from './import-hmis-file.js';
import type { FindingSink, HmisExport, HmisImportTx, ImportProgress, ImportStore, RowCounts } from './ports.js';

export interface HmisImport {
  readonly organizationId: OrganizationId;
  readonly actor: Actor;
  readonly source: HmisExport;
  readonly findings: FindingSink;
  readonly progress?: (progress: ImportProgress) => void;
  /**
   * The caller states that no victim service provider is in an export without Organization.csv. It is audited.
   */
  readonly statesNoVictimServices?: boolean;
}

export interface HmisFileSummary extends RowCounts {
  readonly file: string;
  readonly rows: number;
  /** Read by a mapping; otherwise kept as it came. */
  readonly mapped: boolean;
}

export type HmisImportResult =
  | {
      readonly kind: 'imported';
      readonly version: HmisVersion;
      /** Distinct PersonalIDs of Client.csv. */
      readonly people: number;
      readonly rows: number;
      readonly added: number;
      readonly changed: number;
      readonly findings: number;
      readonly files: readonly HmisFileSummary[];
      /** Files that are no CSV. */
      readonly ignored: number;
    }
  | {
      readonly kind: 'refused';
      readonly reason: HmisRefusal;
      /** Lines of Organization.csv. */
      readonly lines: readonly number[];
    };

/**
 * A victim service provider may not put its clients' data into a shared system (34 U.S.C. 12291(b)(2); HUD keeps such
 * providers out of HMIS), so an export with one is refused as a whole, and so is one that does not tell.
 */
export type HmisRefusal = 'victim-service-provider' | 'victim-service-unclear' | 'victim-service-untold';

/**
 * Imports an HMIS CSV export: every row verbatim, as a new version where it differs from what is there, all of it in
 * one transaction or nothing. Done twice, the second time changes nothing.
 *
 * @throws RelaisError 422 `hmis.*` for what cannot be read as CSV in UTF-8; nothing is stored then
 */
export async function importHmis(
  { store }: { readonly store: ImportStore },
  request: HmisImport,
): Promise<HmisImportResult> {
  const arranged = await arrangeExport(request.source);
  const refusal = refusalOf(arranged, request.statesNoVictimServices ?? false);
  if (refusal !== null) {
    await store.recordRefusal(request.organizationId, {
      ...fact(request),
      outcome: 'refused',
      codes: { reason: refusal.reason },
    });
    return { kind: 'refused', ...refusal };
  }
  return store.importHmis(request.organizationId, (tx) => importAll(tx, request, arranged));
}

function refusalOf(
  { victimServices }: ArrangedExport,
  statesNone: boolean,
): { reason: HmisRefusal; lines: readonly number[] } | null {
  if (victimServices === null) return statesNone ? null : { reason: 'victim-service-untold', lines: [] };
  const { marked, unclear } = victimServices;
  if (marked.length > 0) return { reason: 'victim-service-provider', lines: marked };
  if (unclear.length > 0) return { reason: 'victim-service-unclear', lines: unclear.filter((line) => line > 0) };
  return null;
}

async function importAll(tx: HmisImportTx, request: HmisImport, arranged: ArrangedExport): Promise<HmisImportResult> {
  const { findings, source } = request;
  findings.restart();
  let found = 0;
  const report = (finding: Finding): void => {
    found += 1;
    findings.add(finding);
  };
  for (const file of arranged.missing) report({ file, line: 0, column: '', rule: 'hmis.missing-file' });
  const bytesTotal = arranged.files.reduce((sum, { file }) => sum + file.sizeBytes, 0);
  let bytesBefore = 0;
  let rowsBefore = 0;
  let people = 0;
  const files: HmisFileSummary[] = [];
  for (const { file, table } of arranged.files) {
    const counted = await importHmisFile(tx, { file, table, hashed: arranged.hashed, report }, (rows, bytes) =>
      request.progress?.({
        file: table === null ? '' : file.name,
        bytesDone: bytesBefore + bytes,
        bytesTotal,
        rows: rowsBefore + rows,
      }),
    );
    bytesBefore += file.sizeBytes;
    rowsBefore += counted.rows;
    if (table?.file === 'Client') people = counted.keys;
    files.push({ ...counted, file: file.name, mapped: table !== null && MAPPED_FILES.has(table.file) });
  }
  const sum = (name: 'rows' | 'added' | 'changed'): number => files.reduce((total, file) => total + file[name], 0);
  const totals = { rows: sum('rows'), people, added: sum('added'), changed: sum('changed'), findings: found };
  const { version } = arranged;
  await tx.finish(
    { ...totals, version, actor: request.actor },
    {
      ...fact(request),
      codes: { ...totals, version, ...(arranged.victimServices === null && { statedNoVictimServices: true }) },
    },
  );
  return { kind: 'imported', version, ...totals, files, ignored: source.ignored };
}

function fact({ actor, organizationId }: HmisImport): AuditFact {
  return { action: 'import.finished', outcome: 'success', actor, organizations: [organizationId] };
}
