import { createReport, type Finding, type Place } from '../../domain/mapping/finding.js';
import { entryOf, readYaml, type Tree } from '../../domain/mapping/template/yaml-tree.js';

/**
 * Reads a JSON file in which every value knows where it stands (JSON is YAML, so the reader of map files does it).
 *
 * @returns the value, and the place of a JSON Pointer (RFC 6901): of the nearest one above, where there is none
 */
export function placesIn(
  file: string,
  text: string,
): { readonly value: unknown; readonly placeOf: (pointer: string) => Place; readonly findings: readonly Finding[] } {
  const { report, findings } = createReport();
  const tree = readYaml(file, text, report);
  const placeOf = (pointer: string): Place => {
    let place: Place = { file, line: 1, column: 1 };
    let at = tree;
    for (const step of pointer === '' ? [] : pointer.slice(1).split('/')) {
      const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
      const entry = at?.kind === 'map' ? entryOf(at, name) : undefined;
      const next: Tree | undefined = at?.kind === 'list' ? at.items[Number(name)] : entry?.value;
      if (next === undefined) break;
      place = entry?.keyPlace ?? next.place;
      at = next;
    }
    return place;
  };
  return { value: tree === null ? undefined : valueOf(tree), placeOf, findings };
}

function valueOf(tree: Tree): unknown {
  if (tree.kind === 'scalar') return tree.value;
  if (tree.kind === 'list') return tree.items.map(valueOf);
  return Object.fromEntries(tree.entries.map(({ key, value }) => [key, valueOf(value)]));
}
