import { checkPack, PACKS } from '../../domain/mapping/compile-pack.js';
import type { Finding } from '../../domain/mapping/finding.js';
import { readPackFiles } from './read-pack-files.js';

/** Checks every pack under `mappings/` without building it: what `relais check mappings` prints. */
export async function checkMappings(root: string): Promise<Finding[]> {
  const seen = new Set<string>();
  const findings: Finding[] = [];
  for (const name of PACKS) {
    for (const finding of checkPack(await readPackFiles(root, name))) {
      // Code maps are shared by the packs: one mistake is told once.
      const identity = JSON.stringify(finding);
      if (!seen.has(identity)) findings.push(finding);
      seen.add(identity);
    }
  }
  return findings;
}
