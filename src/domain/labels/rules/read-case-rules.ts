import { caseModel } from '../../case/schema.js';
import type { Entity, Field } from '../../case/define.js';
import { nearest, type Report } from '../../mapping/finding.js';
import type { MapTree, ScalarTree, Tree } from '../../mapping/template/yaml-tree.js';
import { CATEGORIES, maskOf, type LabelMask } from '../labels.js';
import { asList, asMap, member, needed, readLabels, scalars, textAt } from './read-tree.js';
import type { CaseRules, FieldRule, Situation, Trigger } from './rules.js';

export const CASE_KEYS = [
  ...['labels', 'about', 'passingOn', 'categories'],
  ...['valueSets', 'tables', 'entities', 'situations'],
] as const;

/** A rule of a table: codes, written out or by the name of a value set, and what they say. */
export const TABLE_RULE_KEYS = ['codes', 'valueSet', 'labels'] as const;
export const SITUATION_KEYS = ['id', 'hl7', 'when', 'hides', 'unless', 'labels'] as const;
export const TRIGGER_KEYS = ['entity', 'field', 'codes', 'where', 'marked'] as const;

type TableRow = readonly [code: ScalarTree, labels: LabelMask];

interface Reading {
  readonly report: Report;
  readonly entities: ReadonlyMap<string, Entity>;
  readonly valueSets: ReadonlyMap<string, readonly ScalarTree[]>;
  readonly tables: ReadonlyMap<string, readonly TableRow[]>;
}

/** config/labels/case.yaml, checked against the case model: entities, fields and codes exist. */
export function readCaseRules(root: MapTree, report: Report): CaseRules {
  asMap(root, CASE_KEYS, report);
  const entities = entitiesOf(caseModel);
  const valueSets = new Map(
    entriesOf(member(root, 'valueSets'), report).map(({ key, value }) => [key, scalars(value, report)] as const),
  );
  const bare: Reading = { report, entities, valueSets, tables: new Map() };
  const tables = new Map(
    entriesOf(member(root, 'tables'), report).map(({ key, value }) => [key, readTable(bare, value)] as const),
  );
  const reading: Reading = { ...bare, tables };
  return {
    passingOn: readLists(member(root, 'passingOn'), report),
    byEntity: readEntities(reading, member(root, 'entities')),
    tables: new Map([...tables].map(([name, rows]) => [name, masksByCode(rows)])),
    situations: asList(member(root, 'situations'), report).flatMap((tree) => readSituation(reading, tree) ?? []),
    byCategory: readCategories(member(root, 'categories'), report),
  };
}

function entriesOf(tree: Tree | undefined, report: Report): MapTree['entries'] {
  return asMap(tree, null, report)?.entries ?? [];
}

function masksByCode(rows: readonly TableRow[]): ReadonlyMap<string, LabelMask> {
  const masks = new Map<string, LabelMask>();
  for (const [code, labels] of rows) masks.set(String(code.value), (masks.get(String(code.value)) ?? 0) | labels);
  return masks;
}

function readTable({ report, valueSets }: Reading, tree: Tree): TableRow[] {
  const seen = new Set<string>();
  return asList(tree, report).flatMap((item) => {
    const rule = asMap(item, TABLE_RULE_KEYS, report);
    if (rule === null) return [];
    const labels = readLabels(needed(rule, 'labels', report), report);
    const named = textAt(rule, 'valueSet', report);
    if (named !== undefined && !valueSets.has(named))
      report(rule.place, `There is no value set ${named}.`, nearest(named, valueSets.keys()));
    const codes = [...scalars(member(rule, 'codes'), report), ...(valueSets.get(named ?? '') ?? [])];
    if (codes.length === 0) report(rule.place, 'A rule names codes or a value set.');
    for (const { value, place } of codes) {
      if (seen.has(String(value))) report(place, `The code ${String(value)} stands in this table twice.`);
      seen.add(String(value));
    }
    return codes.map((code) => [code, labels] as const);
  });
}

function readEntities(reading: Reading, tree: Tree | undefined): ReadonlyMap<string, readonly FieldRule[]> {
  const { report, entities } = reading;
  const rules = new Map<string, readonly FieldRule[]>();
  for (const { key, keyPlace, value } of entriesOf(tree, report)) {
    const entity = entities.get(key);
    if (entity === undefined) {
      report(keyPlace, `The case model has no entity ${key}.`, nearest(key, entities.keys()));
      continue;
    }
    const fields = entriesOf(value, report).flatMap(({ key: name, keyPlace: place, value: table }) => {
      const field = fieldOf(entity, name);
      if (field === null) {
        report(place, `${key} has no field ${name}.`, nearest(name, Object.keys(entity.fields)));
        return [];
      }
      const rows = table.kind === 'scalar' ? namedTable(reading, table) : readTable(reading, table);
      const known = rows.filter(([code]) => checkCode(field, code, report));
      return [{ field: name, values: new Map(known.map(([code, labels]) => [valueOf(field, code), labels])) }];
    });
    rules.set(key, fields);
  }
  return rules;
}

function namedTable({ report, tables }: Reading, tree: ScalarTree): readonly TableRow[] {
  const found = tables.get(String(tree.value));
  if (found === undefined) {
    report(tree.place, `There is no table ${String(tree.value)}.`, nearest(String(tree.value), tables.keys()));
  }
  return found ?? [];
}

/** Every code of the rule is one that the field can hold, so that a misspelt one does not protect nothing. */
function checkCode(field: Field, code: ScalarTree, report: Report): boolean {
  const value = valueOf(field, code);
  if (field.type.safeParse(isList(field) ? [value] : value).success) return true;
  const { options } = elementOf(field) as unknown as { readonly options?: readonly string[] };
  report(code.place, `The field cannot hold ${String(code.value)}.`, nearest(String(code.value), options ?? []));
  return false;
}

const isList = (field: Field): boolean => field.type.def.type === 'array';
const elementOf = (field: Field): Field['type'] =>
  isList(field) ? (field.type as unknown as { readonly element: Field['type'] }).element : field.type;
/** `true` and `false` are the model's own; every other code is a text, however YAML reads it. */
const valueOf = (field: Field, { value }: ScalarTree): unknown =>
  elementOf(field).def.type === 'boolean' && typeof value === 'boolean' ? value : String(value);

function readSituation(reading: Reading, tree: Tree): Situation | null {
  const { report, entities } = reading;
  const map = asMap(tree, SITUATION_KEYS, report);
  if (map === null) return null;
  const hidden = scalars(needed(map, 'hides', report), report);
  for (const { value, place } of hidden) {
    if (!entities.has(String(value)))
      report(place, `The case model has no entity ${String(value)}.`, nearest(String(value), entities.keys()));
  }
  return {
    id: textAt(map, 'id', report) ?? '',
    when: asList(needed(map, 'when', report), report).flatMap((one) => readTrigger(reading, one) ?? []),
    hides: new Set(hidden.map(({ value }) => String(value))),
    unless: entriesOf(member(map, 'unless'), report).map(({ key, value }) => [
      key,
      new Set(scalars(value, report).map((scalar) => scalar.value)),
    ]),
    labels: readLabels(needed(map, 'labels', report), report),
  };
}

function readTrigger({ report, entities }: Reading, tree: Tree): Trigger | null {
  const map = asMap(tree, TRIGGER_KEYS, report);
  if (map === null) return null;
  const marked = textAt(map, 'marked', report);
  if (marked !== undefined) {
    return { marked: readLabels({ kind: 'list', items: [member(map, 'marked')!], place: map.place }, report) };
  }
  const entity = textAt(map, 'entity', report) ?? '';
  const model = entities.get(entity);
  if (model === undefined) {
    report(map.place, `The case model has no entity ${entity}.`, nearest(entity, entities.keys()));
    return null;
  }
  const valuesOf = (name: string, codes: Tree | undefined): ReadonlySet<unknown> => {
    const field = fieldOf(model, name);
    if (field === null) {
      report(map.place, `${entity} has no field ${name}.`, nearest(name, Object.keys(model.fields)));
      return new Set();
    }
    const known = scalars(codes, report).filter((code) => checkCode(field, code, report));
    return new Set(known.map((code) => valueOf(field, code)));
  };
  const field = textAt(map, 'field', report) ?? '';
  return {
    entity,
    field,
    values: valuesOf(field, needed(map, 'codes', report)),
    where: entriesOf(member(map, 'where'), report).map(({ key, value }) => [key, valuesOf(key, value)]),
  };
}

function readLists(tree: Tree | undefined, report: Report): string[] {
  return scalars(tree, report).flatMap(({ value, place }) => {
    const path = String(value);
    let model: Entity | null = caseModel;
    for (const name of path.split('.')) {
      const inner: Entity['fields'][string] | undefined = model?.fields[name];
      model = inner === undefined || inner.kind === 'field' ? null : inner.kind === 'list' ? inner.item : inner;
    }
    if (model === null) report(place, `The case model has no list ${path}.`);
    return model === null ? [] : [path];
  });
}

function readCategories(tree: Tree | undefined, report: Report): (readonly [LabelMask, LabelMask])[] {
  return entriesOf(tree, report).flatMap(({ key, keyPlace, value }) => {
    if (!CATEGORIES.some((category) => category === key)) {
      report(keyPlace, `There is no category ${key}.`, nearest(key, CATEGORIES));
      return [];
    }
    return [[maskOf([key]), readLabels(value, report)] as const];
  });
}

function fieldOf(model: Entity, name: string): Field | null {
  const found = Object.hasOwn(model.fields, name) ? model.fields[name] : undefined;
  return found?.kind === 'field' ? found : null;
}

/** Every entity of the model by its name. */
export function entitiesOf(root: Entity): ReadonlyMap<string, Entity> {
  const found = new Map<string, Entity>();
  const visit = (model: Entity): void => {
    found.set(model.name, model);
    for (const inner of Object.values(model.fields)) {
      if (inner.kind !== 'field') visit(inner.kind === 'list' ? inner.item : inner);
    }
  };
  visit(root);
  return found;
}
