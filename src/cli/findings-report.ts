import { closeSync, openSync, writeSync } from 'node:fs';
import type { Finding, HmisRule } from '../domain/hmis/rules.js';
import type { FindingSink } from '../intake/ports.js';
import { RelaisError } from '../kernel/errors.js';

/** As many findings as are listed on stdout before a file takes them. */
const MOST_LISTED = 10_000;
const FIRST_LINES = 5;
const HEADER = 'file,line,column,rule\n';

export interface FindingGroup {
  readonly file: string;
  readonly column: string;
  readonly rule: HmisRule;
  readonly count: number;
  readonly firstLines: readonly number[];
}

export interface FindingsReport extends FindingSink {
  readonly total: () => number;
  /** By file, column and rule, in the order in which they were met. */
  readonly groups: () => readonly FindingGroup[];
  /** Findings to list; null when they are too many and are in the file instead. */
  readonly listed: () => readonly Finding[] | null;
  /** The file that has them all, when one was written. Closes it. */
  readonly finish: () => string | null;
}

/**
 * Collects findings in bounded memory: counts by group, the first 10,000, and all of them in a file when one is asked
 * for or when there are more.
 *
 * @param path where the file goes; `fallback` names one when there are too many and none was asked for
 */
export function createFindingsReport(path: string | undefined, fallback: () => string): FindingsReport {
  let total = 0;
  let groups = new Map<string, { file: string; column: string; rule: HmisRule; count: number; firstLines: number[] }>();
  let kept: Finding[] = [];
  let file: FindingsFile | null = null;
  return {
    restart: () => {
      total = 0;
      groups = new Map();
      kept = [];
      file?.close();
      file = path === undefined ? null : openFile(path);
    },
    add: (finding) => {
      total += 1;
      const key = `${finding.file}\n${finding.column}\n${finding.rule}`;
      let group = groups.get(key);
      if (group === undefined) {
        group = { file: finding.file, column: finding.column, rule: finding.rule, count: 0, firstLines: [] };
        groups.set(key, group);
      }
      group.count += 1;
      if (group.firstLines.length < FIRST_LINES) group.firstLines.push(finding.line);
      if (total <= MOST_LISTED) kept.push(finding);
      else if (file === null) {
        file = openFile(fallback());
        kept.forEach(file.add);
      }
      file?.add(finding);
    },
    total: () => total,
    groups: () => [...groups.values()],
    listed: () => (total <= MOST_LISTED ? kept : null),
    finish: () => {
      file?.close();
      return file?.path ?? null;
    },
  };
}

/** `Client.csv:2:DateUpdated hmis.datetime`: a place and a rule, never a value. */
export function formatFinding({ file, line, column, rule }: Finding): string {
  return `${file}:${line}:${column} ${rule}`;
}

interface FindingsFile {
  readonly path: string;
  readonly add: (finding: Finding) => void;
  readonly close: () => void;
}

/** Only places, rule codes and names of the format go in, so no cell of it can be taken for a formula. */
function openFile(path: string): FindingsFile {
  let descriptor: number | null;
  try {
    descriptor = openSync(path, 'w', 0o600);
  } catch {
    throw new RelaisError('cli.findings-file', 422, 'value', 'The file for the findings cannot be written.');
  }
  let waiting = HEADER;
  const flush = (): void => {
    if (descriptor !== null && waiting !== '') writeSync(descriptor, waiting);
    waiting = '';
  };
  return {
    path,
    add: ({ file, line, column, rule }) => {
      waiting += `${file},${line},${column},${rule}\n`;
      if (waiting.length > 64 * 1024) flush();
    },
    close: () => {
      flush();
      if (descriptor !== null) closeSync(descriptor);
      descriptor = null;
    },
  };
}
