import { createHash } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { RelaisError } from '../../kernel/errors.js';
import { compilePack, PACKS, type PackName } from '../../domain/mapping/compile-pack.js';
import { formatFinding, type Finding } from '../../domain/mapping/finding.js';
import { readPackFiles } from './read-pack-files.js';

export const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** Where the built module of a pack lies. It is made by `npm run build` and never committed. */
export function modulePath(root: string, name: PackName): string {
  return join(root, 'generated', 'mappings', `${name}.mjs`);
}

/** Where the trace build of a pack lies, beside the other. */
export function tracePath(root: string, name: PackName): string {
  return join(root, 'generated', 'mappings', `${name}.trace.mjs`);
}

/**
 * Compiles every pack under `mappings/` to an ES module under `generated/mappings/`.
 *
 * @param root the repository, or the folder of an installation
 * @throws RelaisError 500 `mapping.not-valid`; its violations name `file:line:column` and the mistake
 */
export async function buildMappings({
  root,
  packs = PACKS,
}: {
  readonly root: string;
  readonly packs?: readonly PackName[];
}): Promise<void> {
  for (const name of packs) {
    const result = compilePack(await readPackFiles(root, name), sha256);
    if ('findings' in result) throw notValid(`The mapping ${name} cannot be built`, result.findings);
    await writeWhole(modulePath(root, name), result.code);
    await writeWhole(tracePath(root, name), result.trace());
  }
}

/** All findings at once: as violations, and as lines of the message. */
export function notValid(summary: string, findings: readonly Finding[]): RelaisError {
  const violations = findings.map((finding) => ({
    path: `${finding.file}:${finding.line}:${finding.column}`,
    rule: 'mapping.not-valid',
    message: formatFinding(finding),
  }));
  const lines = violations.map(({ message }) => message).join('\n');
  return new RelaisError('mapping.not-valid', 500, 'invalid', `${summary}:\n${lines}`, { violations });
}

/** A reader sees the old module or the new one, never half of one. */
export async function writeWhole(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}.tmp`;
  await writeFile(draft, text, 'utf8');
  await rename(draft, path);
}
