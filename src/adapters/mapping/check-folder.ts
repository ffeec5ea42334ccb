import { join } from 'node:path';
import { checkPack } from '../../domain/mapping/compile-pack.js';
import type { Finding } from '../../domain/mapping/finding.js';
import { readFolder, type FolderOptions } from './read-folder.js';

/**
 * Checks every pack of a folder against its model and FHIR R4 without building anything.
 *
 * @returns what is wrong, each once, by file and place; empty when all is in order
 * @throws RelaisError 422 `mapping.no-pack`
 */
export async function checkFolder(dir: string, options: FolderOptions): Promise<Finding[]> {
  const { packs, findings } = await readFolder(dir, options);
  return placed(dir, [...findings, ...packs.flatMap(({ source, modelOf }) => checkPack(source, modelOf))]);
}

/** Findings with paths that begin with the folder, each once (packs share their code maps), in order. */
export function placed(dir: string, findings: readonly Finding[]): Finding[] {
  const seen = new Map<string, Finding>();
  for (const finding of findings) {
    const file = finding.file.endsWith('.yaml') ? join(dir, finding.file) : finding.file;
    seen.set(JSON.stringify({ ...finding, file }), { ...finding, file });
  }
  return [...seen.values()].sort((a, b) =>
    a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line || a.column - b.column,
  );
}
