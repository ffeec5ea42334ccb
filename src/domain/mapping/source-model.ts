import type { LabelMask } from '../labels/labels.js';

/** Kinds of value that a source field may hold. A `decimal` may come as a number kept as written. */
export type ValueType = 'string' | 'boolean' | 'integer' | 'decimal' | 'date' | 'code';

/** A field of the source: its labels are the ground of every check that the generated code makes. */
export interface SourceValue {
  readonly kind: 'value';
  readonly type: ValueType;
  /** Undefined: the field has no label, which is an error wherever a map reads it. */
  readonly mask: LabelMask | undefined;
  readonly many: boolean;
  readonly required: boolean;
  /** The closed list of codes, where there is one. */
  readonly codes?: readonly string[];
  /** Can never leave (working notes): a map that reads it is wrong. */
  readonly never?: boolean;
  /** Why maps cannot read it: its schema is none that a path could go through. */
  readonly unreadable?: string;
}

export interface SourceObject {
  readonly kind: 'object';
  readonly many: boolean;
  readonly required: boolean;
  readonly members: ReadonlyMap<string, SourceNode>;
}

export type SourceNode = SourceValue | SourceObject;

/** What a pack maps from: the case model, or the tables of an HMIS export. */
export interface SourceModel {
  readonly name: string;
  readonly root: SourceObject;
  /** In CSV there is no absence: an empty text is one. */
  readonly emptyIsAbsent: boolean;
}

/** Every field with its labels, sorted: part of what a built module's digest covers, so that a relabelled field never meets an old build. */
export function fingerprintOf(model: SourceModel): string {
  const lines: string[] = [`${model.name} ${model.emptyIsAbsent}`];
  const visit = (path: string, node: SourceNode): void => {
    const shape = `${node.many ? '*' : ''}${node.required ? '!' : ''}`;
    if (node.kind === 'value') lines.push(`${path}${shape} ${node.type} ${node.mask} ${(node.codes ?? []).join('|')}`);
    else for (const [name, member] of node.members) visit(`${path}${shape}/${name}`, member);
  };
  visit('', model.root);
  return lines.sort().join('\n');
}
