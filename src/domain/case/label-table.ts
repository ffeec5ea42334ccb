import { labelsOf, maskOf, type DataLabel, type LabelMask } from '../labels/labels.js';
import { ABOUT_MEMBERS, WHOLE, type Entity, type Field } from './define.js';
import { caseModel } from './schema.js';

export interface LabelledPath {
  /** `needs[].status`: names joined by points, `[]` after each list of entities. */
  readonly path: string;
  /** Name of the entity that holds the field. */
  readonly entity: string;
  /** `about`: what is said about a field (`needs[].about.status.source`). */
  readonly kind: 'field' | 'about';
  /** The value is a list of scalars. */
  readonly list: boolean;
  readonly required: boolean;
  readonly mask: LabelMask;
  readonly labels: readonly DataLabel[];
  /** Path of the list whose items' ids the field names. */
  readonly target?: string;
}

let table: ReadonlyMap<string, LabelledPath> | undefined;

/** Every leaf of the case model with its static labels, by path pattern. */
export function labelTable(): ReadonlyMap<string, LabelledPath> {
  table ??= new Map([...leavesOf(caseModel, '')].map((leaf) => [leaf.path, leaf]));
  return table;
}

function* leavesOf(model: Entity, prefix: string): Generator<LabelledPath> {
  for (const [name, member] of Object.entries(model.fields)) {
    const path = `${prefix}${name}`;
    if (member.kind === 'entity') yield* leavesOf(member, `${path}.`);
    else if (member.kind === 'list') yield* leavesOf(member.item, `${path}[].`);
    else yield leafOf(model, path, member);
  }
  for (const name of [...Object.keys(model.fields), WHOLE]) {
    const mask = aboutMask(model, name);
    for (const member of ABOUT_MEMBERS) {
      yield {
        path: `${prefix}about.${name}.${member}`,
        entity: model.name,
        kind: 'about',
        list: member === 'sensitivities',
        required: member === 'source',
        mask,
        labels: labelsOf(mask),
      };
    }
  }
}

function leafOf(model: Entity, path: string, field: Field): LabelledPath {
  return {
    path,
    entity: model.name,
    kind: 'field',
    list: field.type.def.type === 'array',
    required: field.required,
    mask: field.mask,
    labels: labelsOf(field.mask),
    ...(field.target !== undefined && { target: field.target }),
  };
}

/** What is said about a field has the field's labels; about a list or an entity, those of its least protected field. */
function aboutMask(model: Entity, name: string): LabelMask {
  const member = name === WHOLE ? model : model.fields[name];
  if (member === undefined) return 0;
  if (member.kind === 'field') return member.mask;
  const masks = [...masksOf(member.kind === 'list' ? member.item : member)];
  return masks.reduce((least, mask) => (bits(mask) < bits(least) ? mask : least), masks[0] ?? maskOf(['safety']));
}

function* masksOf(model: Entity): Generator<LabelMask> {
  for (const member of Object.values(model.fields)) {
    if (member.kind === 'field') yield member.mask;
    else yield* masksOf(member.kind === 'list' ? member.item : member);
  }
}

function bits(mask: LabelMask): number {
  return labelsOf(mask).length;
}
