import { WHOLE, type Entity, type Field } from '../../src/domain/case/define.js';
import { caseModel, type Case } from '../../src/domain/case/schema.js';
import { syntheticCase } from '../../src/domain/case/synthetic.js';

type Plain = Record<string, unknown>;
const IN_TEXT = 6;
const IN_NOTE = 40;

/** No word of any language, code or key: what begins so was planted. */
const PREFIX = 'zqcanary';
/** Read as it stands wherever texts are escaped (URL, HTML, JSON): letters and digits are left alone by all of them. */
const canaryOf = (ordinal: number): string => `${PREFIX}${String(ordinal).padStart(7, '0')}`;
/** What escapes change, around the canary. */
const dressed = (canary: string): string => `é<b> "${canary}" & 'ça' \\ %`;

export interface PlantedCase {
  readonly record: Case;
  /** Each canary with the labels of the field that holds it. */
  readonly canaries: ReadonlyMap<string, number>;
}

/** Plants canaries, each another, in whatever a field can hold of words, names, numbers and codes of an agency's own. */
export function createPlanter() {
  let planted = 0;
  const next = (): string => canaryOf((planted += 1));
  return {
    planted: () => planted,
    next,
    dressed: () => dressed(next()),
    /**
     * @param least canaries; lists of working notes are as long as it takes
     * @param decidesAlone an adult without any measure
     */
    plantCase(seed: number, least: number, decidesAlone = false): PlantedCase {
      const canaries = new Map<string, number>();
      const plant = (mask: number): string => {
        const canary = next();
        canaries.set(canary, mask);
        return canary;
      };
      const given = { ...syntheticCase(seed) } as unknown as Plain;
      if (decidesAlone) {
        const { deceasedDate: _, ...person } = given['person'] as Plain;
        given['person'] = { ...person, birthDate: '1980-05-05', birthDatePrecision: 'day' };
        delete given['representation'];
      }
      const record = plantEntity(caseModel, given, plant);
      const note = caseModel.fields.workingNotes.item.fields.text;
      const notes: Plain[] = [];
      while (canaries.size < least) {
        const text = Array.from({ length: IN_NOTE }, () => dressed(plant(note.mask))).join('\n');
        notes.push({ id: `more-${notes.length}`, date: '2026-02-26', author: plant(note.mask), text });
      }
      record['workingNotes'] = [...((record['workingNotes'] as Plain[] | undefined) ?? []), ...notes];
      return { record: record as unknown as Case, canaries };
    },
  };
}

function plantEntity(model: Entity, value: Plain, plant: (mask: number) => string): Plain {
  const result: Plain = { ...value };
  for (const [name, member] of Object.entries(model.fields)) {
    const inner = value[name];
    if (member.kind === 'entity') {
      if (inner !== undefined) result[name] = plantEntity(member, inner as Plain, plant);
    } else if (member.kind === 'list') {
      if (inner !== undefined) result[name] = (inner as Plain[]).map((item) => plantEntity(member.item, item, plant));
    } else if (name !== 'id' && member.target === undefined && (inner !== undefined || isFreeText(name))) {
      const written = writtenFor(member, plant);
      if (written !== undefined) result[name] = written;
    }
  }
  delete result[WHOLE];
  return result;
}

/** Fields that stand beside others without a rule between them. */
const isFreeText = (name: string): boolean => ['note', 'description', 'careOf', 'summary'].includes(name);

function writtenFor(field: Field, plant: (mask: number) => string): unknown {
  const holds = (value: unknown): boolean => field.type.safeParse(value).success;
  const shapes = [
    { count: IN_TEXT, shape: dressed },
    { count: 1, shape: dressed },
    { count: 1, shape: (canary: string) => canary },
  ];
  for (const { count, shape } of shapes) {
    const write = (canary: () => string) => Array.from({ length: count }, () => shape(canary())).join('\n');
    const probe = write(() => canaryOf(0));
    if (holds(probe)) return write(() => plant(field.mask));
    if (holds([probe])) return [write(() => plant(field.mask))];
  }
  return undefined;
}

// ---------------------------------------------------------------- the search

/** The part of an encoding of base64 that the prefix alone decides, by what stands before it. */
const BASE64 = [0, 1, 2].map((shift) => {
  const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(PREFIX)]);
  return bytes.toString('base64').slice(Math.ceil((shift * 8) / 6), Math.floor((bytes.length * 8) / 6));
});
const HEX = Buffer.from(PREFIX).toString('hex');
const ANY = new RegExp(
  [`${PREFIX}\\d*`, ...BASE64, HEX, HEX.toUpperCase()].map((text) => `(?:${text})`).join('|'),
  'g',
);

/** Whatever of a canary a text holds: as it stands, escaped for URL, HTML or JSON, in base64 at any offset, in hexadecimal. */
export function canariesIn(sink: string): string[] {
  return sink.match(ANY) ?? [];
}

/** The ways in which a value can hide, for showing that each is found. */
export const DISGUISES: Readonly<Record<string, (text: string) => string>> = {
  raw: (text) => text,
  url: encodeURIComponent,
  html: (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;').replace(/'/g, '&#39;'),
  json: (text) =>
    JSON.stringify(text).replace(/[\u0080-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`),
  base64: (text) => Buffer.from(text).toString('base64'),
  base64After1: (text) => Buffer.from(`x${text}`).toString('base64'),
  base64After2: (text) => Buffer.from(`xy${text}`).toString('base64'),
  base64url: (text) => Buffer.from(text).toString('base64url'),
  hex: (text) => Buffer.from(text).toString('hex'),
  hexCapitals: (text) => Buffer.from(text).toString('hex').toUpperCase(),
};
