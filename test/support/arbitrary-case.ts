import fc from 'fast-check';
import { z } from 'zod';
import { WHOLE, type Entity, type Field } from '../../src/domain/case/define.js';
import { caseModel, type Case } from '../../src/domain/case/schema.js';
import { decimalOf, seededRandom, type Random } from '../../src/domain/case/synthetic-random.js';
import { syntheticCase } from '../../src/domain/case/synthetic.js';
import { SENSITIVITIES } from '../../src/domain/labels/labels.js';

/** Texts that break what does not expect them: templates, quotes, markup, other scripts, formulae. */
const HOSTILE = [
  '{{ person.id }}',
  '%agency "quoted" \\ \'single\' `tick`',
  '<script>alert(1)</script> & <b>',
  "'; DROP TABLE cases; --",
  '=HYPERLINK("http://evil.example")',
  '../../etc/passwd',
  'مرحبا بالعالم',
  '\u202eabc\u202c',
  '𝔘𝔫𝔦𝔠𝔬𝔡𝔢 👩‍👩‍👧‍👦 é\u0301',
  '__proto__',
  'constructor',
  'null',
  '0',
  '$& $1 ${x}',
];
const DECIMALS = ['0.10', '0', '1.0', '0.0001', '12345.6700', '99999999.99', '100000000', '7.5'];

/** Valid cases, hostile in what they say: markers, quotes, values at the limits, empty lists, 0.10, marks. */
export function arbitraryCase(): fc.Arbitrary<Case> {
  return fc
    .record({
      seed: fc.nat(100_000),
      hostility: fc.nat(1_000_000),
      marks: fc.boolean(),
      text: fc.string({ unit: 'grapheme' }),
    })
    .map(({ seed, hostility, marks, text }) => {
      const random = seededRandom(hostility);
      const texts = [...HOSTILE, text];
      return hostileEntity(caseModel, syntheticCase(seed), random, texts, marks) as unknown as Case;
    });
}

type Plain = Readonly<Record<string, unknown>>;

function hostileEntity(model: Entity, value: Plain, random: Random, texts: readonly string[], marks: boolean): Plain {
  const result: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(model.fields)) {
    const inner = value[name];
    if (member.kind === 'entity') {
      if (inner !== undefined) result[name] = hostileEntity(member, inner as Plain, random, texts, marks);
    } else if (member.kind === 'list') {
      const items = (inner as readonly Plain[] | undefined) ?? (random.chance(0.2) ? [] : undefined);
      if (items !== undefined) {
        result[name] = items.map((item) => hostileEntity(member.item, item, random, texts, marks));
      }
    } else if (inner !== undefined) {
      result[name] = hostileValue(member, inner, random, texts);
    } else if (isText(member) && random.chance(0.15)) {
      result[name] = hostileText(member, random, texts);
    }
  }
  const about: Record<string, unknown> = { ...(value['about'] as Plain | undefined) };
  if (marks) {
    for (const name of [WHOLE, ...Object.keys(result)]) {
      if (!random.chance(name === WHOLE ? 0.02 : 0.06)) continue;
      about[name] = {
        source: random.pick(['declared', 'observed', 'document']),
        ...(random.chance(0.3) && { contested: true }),
        ...(random.chance(0.3) && { doNotShare: random.chance(0.7) }),
        ...(random.chance(0.3) && { sensitivities: random.several(SENSITIVITIES, 0, 2) }),
      };
    }
  }
  return Object.keys(about).length === 0 ? result : { ...result, about };
}

function hostileValue(field: Field, value: unknown, random: Random, texts: readonly string[]): unknown {
  if (isText(field)) return random.chance(0.3) ? hostileText(field, random, texts) : value;
  const { type, maximum } = schemaOf(field);
  if (type === 'number' && maximum === 100_000_000 && random.chance(0.5)) return decimalOf(random.pick(DECIMALS));
  return value;
}

function hostileText(field: Field, random: Random, texts: readonly string[]): string {
  const { maxLength = 0, pattern } = schemaOf(field);
  if (random.chance(0.05)) return 'é'.repeat(maxLength);
  const text = random
    .pick(texts)
    .slice(0, maxLength)
    .replace(/[\ud800-\udbff]$/, '');

  const line = pattern === undefined ? text : text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, ' ');
  return /\S/.test(line) ? line : 'x';
}

function isText(field: Field): boolean {
  const { type, pattern, format, maxLength, contentEncoding } = schemaOf(field);
  const isFree = pattern === undefined || pattern === '\\S';
  return (
    type === 'string' && isFree && format === undefined && contentEncoding === undefined && maxLength !== undefined
  );
}

interface FieldSchema {
  readonly type?: string;
  readonly pattern?: string;
  readonly format?: string;
  readonly maxLength?: number;
  readonly maximum?: number;
  readonly contentEncoding?: string;
}
const schemas = new WeakMap<Field, FieldSchema>();

function schemaOf(field: Field): FieldSchema {
  const known = schemas.get(field) ?? (z.toJSONSchema(field.type, { unrepresentable: 'any' }) as FieldSchema);
  schemas.set(field, known);
  return known;
}
