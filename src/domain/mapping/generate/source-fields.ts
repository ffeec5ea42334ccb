import type { PackForm } from '../read-pack.js';
import type { SourceNode } from '../source-model.js';

/** Generates `source`: what residue of a record needs to know of its fields. `KEYS` is the module's own table. */
export function sourceText({ model }: PackForm): string {
  const labels: [string, number | null][] = [];
  const visit = (path: string, node: SourceNode): void => {
    if (node.kind === 'value') labels.push([path, node.mask ?? null]);
    else {
      const at = `${path}${node.many ? '[]' : ''}`;
      for (const [name, member] of node.members) visit(at === '' ? name : `${at}.${name}`, member);
    }
  };
  visit('', model.root);
  const table = JSON.stringify(Object.fromEntries(labels));
  return `export const source = { emptyIsAbsent: ${model.emptyIsAbsent}, keys: KEYS, labels: Object.assign(Object.create(null), ${table}) };`;
}
