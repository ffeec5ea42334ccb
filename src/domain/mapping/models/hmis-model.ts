import { DATA_LABELS, maskOf } from '../../labels/labels.js';
import { nearest, type Report } from '../finding.js';
import type { SourceModel, SourceNode } from '../source-model.js';
import type { Tree } from '../template/yaml-tree.js';

/** One row of an HMIS CSV file: column → text as it stands in the file. */
export type HmisRow = Readonly<Record<string, string>>;

/** Tables of an HMIS CSV export (HUD HMIS CSV Format Specifications FY2026), of one person or of many. */
export type HmisRecord = Readonly<Record<string, readonly HmisRow[]>>;

/**
 * The tables and columns that maps may read, from `mappings/hmis/labels.yaml`: `Table: { Column: [labels] }`. A column
 * that is listed without labels is known and unlabelled: reading it is an error.
 */
export function hmisSourceModel(tree: Tree | null, report: Report): SourceModel {
  const tables = new Map<string, SourceNode>();
  if (tree !== null && tree.kind !== 'map') report(tree.place, 'labels.yaml is a mapping from tables to columns.');
  for (const { key: table, value } of tree?.kind === 'map' ? tree.entries : []) {
    const columns = new Map<string, SourceNode>();
    if (value.kind !== 'map') report(value.place, `${table} is a mapping from columns to labels.`);
    for (const { key: column, value: labels } of value.kind === 'map' ? value.entries : []) {
      columns.set(column, {
        kind: 'value',
        type: 'string',
        mask: labelsMask(labels, report),
        many: false,
        required: false,
      });
    }
    tables.set(table, { kind: 'object', many: true, required: false, members: columns });
  }
  return { name: 'hmis', root: { kind: 'object', many: false, required: true, members: tables }, emptyIsAbsent: true };
}

function labelsMask(tree: Tree, report: Report): number | undefined {
  if (tree.kind !== 'list') {
    if (tree.kind !== 'scalar' || tree.value !== null) report(tree.place, 'Labels are a list, as in [ identity ].');
    return undefined;
  }
  let mask = 0;
  for (const item of tree.items) {
    const label = item.kind === 'scalar' ? String(item.value) : '';
    try {
      mask |= maskOf([label]);
    } catch {
      report(item.place, `There is no data label ${label}.`, nearest(label, DATA_LABELS));
    }
  }
  // An empty list would read as "nothing to protect".
  return mask === 0 ? undefined : mask;
}
