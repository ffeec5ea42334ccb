import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openHmisExport } from '../../src/adapters/hmis/open-export.js';
import type { Finding } from '../../src/domain/hmis/rules.js';
import { hmisTables } from '../../src/domain/hmis/tables.js';
import { importHmis, type HmisImportResult } from '../../src/intake/import-hmis.js';
import type { FindingSink, ImportStore } from '../../src/intake/ports.js';
import type { Actor } from '../../src/kernel/actor.js';
import type { OrganizationId } from '../../src/kernel/ids.js';

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'relais-hmis-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Files by name, the header and rows of each; Organization.csv is added when it is not given. */
export function writeExport(files: Readonly<Record<string, string | Buffer>>, folder = temporaryFolder()): string {
  const all = { 'Organization.csv': organizationCsv('0'), ...files };
  for (const [name, content] of Object.entries(all)) writeFileSync(join(folder, name), content);
  return folder;
}

export function headerOf(file: string): string {
  return hmisTables('FY2026')
    .find((table) => table.file === file)!
    .columns.map(({ name }) => name)
    .join(',');
}

export function organizationCsv(victimServices: string): string {
  return `${headerOf('Organization')}\r\n1,Harbour House,${victimServices},,2026-01-01 08:00:00,2026-01-01 08:00:00,7,,X1\r\n`;
}

/** A row of Client.csv that keeps every rule, with these cells changed. */
export function clientRow(changes: Readonly<Record<string, string>>): string {
  const cells: Record<string, string> = {
    PersonalID: '1',
    FirstName: 'Ada',
    LastName: 'Okafor',
    NameDataQuality: '1',
    SSNDataQuality: '99',
    DOB: '1991-02-03',
    DOBDataQuality: '1',
    Sex: '0',
    AmIndAKNative: '0',
    Asian: '0',
    BlackAfAmerican: '1',
    HispanicLatinao: '0',
    MidEastNAfrican: '0',
    NativeHIPacific: '0',
    White: '0',
    VeteranStatus: '0',
    DateCreated: '2026-01-01 08:00:00',
    DateUpdated: '2026-01-01 08:00:00',
    UserID: '7',
    ExportID: 'X1',
    ...changes,
  };
  return headerOf('Client')
    .split(',')
    .map((name) => cells[name] ?? '')
    .join(',');
}

export function clientCsv(...rows: readonly Readonly<Record<string, string>>[]): string {
  return `${headerOf('Client')}\r\n${rows.map((row) => `${clientRow(row)}\r\n`).join('')}`;
}

export interface Imported {
  readonly result: HmisImportResult;
  readonly findings: readonly Finding[];
}

export const IMPORTER: Omit<Actor, 'organizationId'> = { type: 'staff', id: 'importer' };

export async function runImport(
  store: ImportStore,
  organizationId: OrganizationId,
  path: string,
  options: { readonly statesNoVictimServices?: boolean } = {},
): Promise<Imported> {
  const findings: Finding[] = [];
  const sink: FindingSink = { restart: () => findings.splice(0), add: (finding) => findings.push(finding) };
  const source = await openHmisExport(path);
  try {
    const actor = { ...IMPORTER, organizationId };
    return {
      result: await importHmis({ store }, { organizationId, actor, source, findings: sink, ...options }),
      findings,
    };
  } finally {
    await source.close();
  }
}
