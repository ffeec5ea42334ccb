import type { TracedResource } from '../trace/traced.js';
import { pathOfCell, type Cell } from './cell.js';
import type { Standing } from './measure.js';

/**
 * Cells of one class are measured until `most` of them agree; the others are counted like those. Where they do not
 * agree, every one is measured.
 */
export interface Sampling {
  /** Where cells of this class stand; null: this one has to be measured. */
  known(cell: Cell): Standing | null;
  add(cell: Cell, standing: Standing): void;
}

export function createSampling(most: number, classOf: (cell: Cell) => string): Sampling {
  const found = new Map<string, Standing[]>();
  const isSame = (a: Standing, b: Standing): boolean => a.tier === b.tier && a.isOfOwnCode === b.isOfOwnCode;
  return {
    known(cell) {
      const [first, ...rest] = found.get(classOf(cell)) ?? [];
      return first !== undefined && rest.length + 1 >= most && rest.every((one) => isSame(one, first)) ? first : null;
    },
    add(cell, standing) {
      const name = classOf(cell);
      const own = found.get(name);
      if (own === undefined) found.set(name, [standing]);
      else own.push(standing);
    },
  };
}

/**
 * The class of each cell of a record: the same field, the same code where it is coded, and the same elements of the
 * same maps, as the trace tells them. Two cells of a class go the same way through the same rules.
 */
export function classesOf(made: readonly TracedResource[]): (cell: Cell) => string {
  const elements = new Map<string, Set<string>>();
  for (const resource of made) {
    for (const { path, sources } of resource.elements) {
      for (const source of sources) {
        const own = elements.get(source) ?? new Set();
        elements.set(source, own.add(`${resource.map} ${path.replace(/\[\d+\]/g, '')}`));
      }
    }
  }
  const names = new Map<string, string>();
  return (cell) => {
    const path = pathOfCell(cell);
    const known = names.get(path);
    if (known !== undefined) return known;
    const name = [cell.pattern, cell.form, ...[...(elements.get(path) ?? [])].sort()].join('\n');
    names.set(path, name);
    return name;
  };
}
