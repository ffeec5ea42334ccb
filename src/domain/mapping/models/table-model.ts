import { DATA_LABELS, maskOf, type LabelMask } from '../../labels/labels.js';
import { nearest, type Place, type Report } from '../finding.js';
import type { SourceModel, SourceNode } from '../source-model.js';

/** The columns of each table with their labels, as `labels.yaml` has them: `{ Client: { FirstName: ['identity'] } }`. */
export type Tables = Readonly<Record<string, Readonly<Record<string, readonly string[] | null>>>>;

export interface TableSource {
  readonly name: string;
  readonly tables: Tables;
  /** Labels of columns without any; 0: such a column cannot be read. */
  readonly defaultLabels: LabelMask;
  /** Where a JSON Pointer into `tables` stands. */
  readonly placeOf: (pointer: string) => Place;
}

/** Tables of text cells as a source of maps: an empty cell is absent, every cell is a text. */
export function tableSourceModel({ name, tables, defaultLabels, placeOf }: TableSource, report: Report): SourceModel {
  const members = Object.entries(tables).map(([table, columns]): [string, SourceNode] => {
    const cells = Object.entries(columns).map(([column, labels]): [string, SourceNode] => {
      const pointer = `/${table}/${column}`;
      if (!/^\w+$/.test(column) || column in Object.prototype)
        report(placeOf(pointer), `${pointer}: A column that maps read has a name of letters, digits and underscores.`);
      const mask = maskAt(labels ?? [], pointer, placeOf, report) || defaultLabels;
      return [column, { kind: 'value', type: 'string', mask: mask || undefined, many: false, required: false }];
    });
    if (!/^\w+$/.test(table) || table in Object.prototype)
      report(placeOf(`/${table}`), `/${table}: A table has a name of letters, digits and underscores.`);
    return [table, { kind: 'object', many: true, required: false, members: new Map(cells) }];
  });
  return {
    name,
    root: { kind: 'object', many: false, required: true, members: new Map(members) },
    emptyIsAbsent: true,
  };
}

function maskAt(
  labels: readonly string[],
  pointer: string,
  placeOf: (pointer: string) => Place,
  report: Report,
): LabelMask {
  let mask = 0;
  for (const label of labels) {
    const known = DATA_LABELS.find((one) => one === label);
    if (known === undefined)
      report(placeOf(pointer), `${pointer}: There is no data label ${label}.`, nearest(label, DATA_LABELS));
    else mask |= maskOf([known]);
  }
  return mask;
}
