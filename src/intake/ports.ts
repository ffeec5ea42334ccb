/** What imports need from the outside: an export to read, a store to write to, somebody to tell. */
import type { Actor } from '../kernel/actor.js';
import type { Instant } from '../kernel/clock.js';
import type { OrganizationId, PersonId } from '../kernel/ids.js';
import type { AuditFact } from '../domain/audit/entry.js';
import type { HmisVersion } from '../domain/hmis/define-table.js';
import type { Finding } from '../domain/hmis/rules.js';
import type { IndexedIdentity } from '../transfer/stored-case.js';

// ---------------------------------------------------------------- reading an export

/** One row as it stands in the file: every cell as text, in order. */
export interface RawRow {
  /** Physical line on which the row begins, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

export interface RowBatch {
  readonly rows: readonly RawRow[];
  /** Bytes of the file read so far. */
  readonly bytesRead: number;
}

export interface HmisExportFile {
  /** Name without folders, as in the export. */
  readonly name: string;
  readonly sizeBytes: number;
  /**
   * The rows, the header first; may be asked for more than once. Memory does not grow with the file.
   *
   * @throws RelaisError 422 `hmis.encoding`, `hmis.csv-broken`, `hmis.zip-refused`
   */
  rows(): AsyncIterable<RowBatch>;
}

/** A folder or an archive of CSV files. */
export interface HmisExport {
  readonly files: readonly HmisExportFile[];
  /** How many files were no CSV and are left aside. */
  readonly ignored: number;
  close(): Promise<void>;
}

// ---------------------------------------------------------------- storing it

export interface IncomingRow {
  /** The row's own key in its file; `occurrence` tells rows with the same key apart, from 1. */
  readonly key: string;
  readonly occurrence: number;
  readonly line: number;
  readonly cells: readonly string[];
  /** PersonalID of the person whom the row is about. */
  readonly personalId: string | null;
  /** Client rows: what the person can be found by. */
  readonly identity?: IndexedIdentity;
}

export interface RowCounts {
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
}

/** One import: one transaction, all of it or nothing. */
export interface HmisImportTx {
  /** Names the header under which the next rows of this file were written. */
  useHeader(file: HmisFileName, columns: readonly string[]): Promise<void>;
  /** Appends a version for each row that is new or differs; tells them by keyed digests, nothing is decrypted. */
  putRows(rows: readonly IncomingRow[]): Promise<RowCounts>;
  /** The record of the import, and its audit entry. */
  finish(record: HmisImportRecord, fact: AuditFact): Promise<void>;
}

/** A file of the format, or one that the format does not know: its name is the sender's own text and is kept encrypted. */
export type HmisFileName =
  { readonly kind: 'known'; readonly file: string } | { readonly kind: 'unknown'; readonly file: string };

export interface HmisImportRecord {
  readonly actor: Actor;
  readonly version: HmisVersion;
  readonly rows: number;
  readonly people: number;
  readonly added: number;
  readonly changed: number;
  readonly findings: number;
}

/** A row as it was imported, newest version. */
export interface StoredHmisRow {
  readonly file: string;
  readonly columns: readonly string[];
  readonly cells: readonly string[];
  readonly personId: PersonId | null;
  readonly version: number;
  readonly line: number;
  readonly importedAt: Instant;
}

export interface ImportStore {
  /**
   * Runs one import at a time for an organization. `work` is done again from the start when the database asks for it.
   */
  importHmis<T>(organizationId: OrganizationId, work: (tx: HmisImportTx) => Promise<T>): Promise<T>;
  /** An import that was refused before anything was stored leaves its audit entry. */
  recordRefusal(organizationId: OrganizationId, fact: AuditFact): Promise<void>;
  /** Newest versions, in the order of files and lines, in batches; rows of erased persons are not there any more. */
  readHmis(
    organizationId: OrganizationId,
    filter: { readonly file?: string; readonly personId?: PersonId },
  ): AsyncIterable<readonly StoredHmisRow[]>;
}

// ---------------------------------------------------------------- telling about it

/** Where findings go as they are found. `restart` forgets them: the import begins again. */
export interface FindingSink {
  restart(): void;
  add(finding: Finding): void;
}

export interface ImportProgress {
  readonly file: string;
  readonly bytesDone: number;
  readonly bytesTotal: number;
  readonly rows: number;
}
