import { maskOf, NEVER, type LabelMask } from '../../labels/labels.js';
import type { CompiledMapping, MappingContext, RefusedElement, ResidueReason, SourceFields } from '../mapping.js';
import { compare } from './compare.js';
import { madeEntries } from './entries.js';
import { isPermitted, isPlain, pathText, type Difference, type KeptElement, type Step } from './kept.js';
import type { KeptAside } from './keep-resources.js';

const NEVER_MASK = maskOf([NEVER]);

/**
 * What of a record its maps do not carry to FHIR and back: fields that no map reads (`schemaVersion`, what is said about
 * fields, columns without a rule), what FHIR cannot say (an empty list), and orders that it does not keep. With it
 * `restoreRecord` makes the record again.
 *
 * A field takes the labels of its path; what the source's model does not know is `unclassified`. Working notes are never
 * among it, whatever is permitted.
 */
export function keepRecord<Model>(
  mapping: Pick<CompiledMapping<Model>, 'toFhir' | 'fromFhir' | 'source'>,
  record: Model,
  permitted: LabelMask,
  context: MappingContext,
): KeptAside {
  const bundle = { resourceType: 'Bundle', entry: madeEntries(mapping.toFhir(record, permitted, context)) };
  const made = mapping.fromFhir(bundle, permitted, context).record;
  const { source } = mapping;
  const fields = fieldsOf(source);
  const kept: KeptElement[] = [];
  const refused = new Map<string, RefusedElement>();
  const known = source.emptyIsAbsent ? withoutEmpty(record) : record;
  for (const { value: whole, ...difference } of compare(made, known, (at) => source.keys[fieldText(at)])) {
    const field = fieldText(difference.at);
    const value = difference.act === 'arrange' ? whole : withoutNotes(whole, field, fields);
    if (whole !== undefined && value === undefined) continue;
    const label = labelOf(value, field, fields);
    const path = pathText(difference.at);
    const one = value === undefined ? difference : { ...difference, value };
    if (isPermitted(label, permitted)) kept.push({ ...one, map: '', key: '', path, label, reason: reasonOf(one) });
    else refused.set(path, { map: '', path });
  }
  return { kept, refused: [...refused.values()] };
}

/** `needs[].note`: as the source's fields are named. */
function fieldText(at: readonly Step[]): string {
  return at.reduce<string>((text, step) => (typeof step === 'string' ? memberText(text, step) : `${text}[]`), '');
}

const memberText = (of: string, name: string): string => (of === '' ? name : `${of}.${name}`);

/** Every path of the source, entities and lists too, with the labels of all that is below it. */
type Fields = ReadonlyMap<string, { readonly mask: LabelMask | null; readonly isNever: boolean }>;

function fieldsOf({ labels }: SourceFields): Fields {
  const fields = new Map<string, { readonly mask: LabelMask | null; readonly isNever: boolean }>();
  for (const [path, label] of Object.entries(labels)) {
    const isNever = ((label ?? 0) & NEVER_MASK) !== 0;
    for (let at = path; at !== ''; at = at.replace(/(?:\[\]|(?:^|\.)[^.[]+)$/, '')) {
      const other = fields.get(at);
      const mask = other?.mask === null || label === null ? null : (other?.mask ?? 0) | label;
      fields.set(at, { mask, isNever: isNever && (other?.isNever ?? true) });
    }
  }
  return fields;
}

/** A whole that is added may hold fields that never leave. */
function withoutNotes(value: unknown, path: string, fields: Fields): unknown {
  if (fields.get(path)?.isNever === true) return undefined;
  if (Array.isArray(value)) return value.map((item) => withoutNotes(item, `${path}[]`, fields) ?? {});
  if (!isPlain(value)) return value;
  const members = Object.entries(value)
    .map(([name, member]) => [name, withoutNotes(member, memberText(path, name), fields)] as const)
    .filter(([, member]) => member !== undefined);
  return Object.fromEntries(members);
}

/** The labels of everything that the value holds; what the model does not know has none. */
function labelOf(value: unknown, path: string, fields: Fields): LabelMask | 'unclassified' {
  const mask = fields.get(path)?.mask;
  return typeof mask !== 'number' || hasUnknown(value, path, fields) ? 'unclassified' : mask & ~NEVER_MASK;
}

function hasUnknown(value: unknown, path: string, fields: Fields): boolean {
  if (!fields.has(path) && !path.endsWith('[]')) return true;
  if (Array.isArray(value)) return value.some((item) => hasUnknown(item, `${path}[]`, fields));
  if (!isPlain(value)) return false;
  return Object.keys(value).some((name) => hasUnknown(value[name], memberText(path, name), fields));
}

function reasonOf({ act }: Difference): ResidueReason {
  if (act === 'arrange') return 'order';
  if (act === 'remove') return 'absent';
  return act === 'replace' ? 'failed-codec' : 'unread';
}

function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (!isPlain(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== '')
      .map(([name, member]) => [name, withoutEmpty(member)]),
  );
}
