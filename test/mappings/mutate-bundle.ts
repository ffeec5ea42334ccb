import { seededRandom, type Random } from '../../src/domain/case/synthetic-random.js';
import { JsonNumber } from '../../src/kernel/json/value.js';
import type { Plain } from './round-trip.js';

export type Mutation = (bundle: Plain, random: Random) => void;

const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof JsonNumber);

const entriesOf = (bundle: Plain): Plain[] => bundle['entry'] as Plain[];
const resourceOf = (bundle: Plain, random: Random): Plain => random.pick(entriesOf(bundle))['resource'] as Plain;

/** Every object and list below a value, itself included. */
function within<Kind>(value: unknown, is: (node: unknown) => node is Kind): Kind[] {
  const found = is(value) ? [value] : [];
  if (typeof value !== 'object' || value === null) return found;
  return [...found, ...Object.values(value).flatMap((inner: unknown) => within(inner, is))];
}

const anObject = (bundle: Plain, random: Random): Plain => random.pick(within(resourceOf(bundle, random), isPlain));
const aList = (bundle: Plain, random: Random): unknown[] | undefined => {
  const lists = within(resourceOf(bundle, random), (node): node is unknown[] => Array.isArray(node));
  return lists.length === 0 ? undefined : random.pick(lists);
};

const VALUES: readonly unknown[] = [
  'x',
  '',
  0,
  -1,
  true,
  null,
  new JsonNumber('0.10'),
  [],
  {},
  ['a', ['b']],
  { a: { b: [1] } },
];
const NAMES = [
  'unknownElement',
  'toString',
  'hasOwnProperty',
  'a.b[0]',
  '',
  '0',
  'extension',
  'id',
  'language',
  'implicitRules',
];

const diabetes: Plain = {
  resourceType: 'Condition',
  id: 'foreign-diabetes',
  clinicalStatus: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }] },
  code: { coding: [{ system: 'http://snomed.info/sct', code: '44054006', display: 'Type 2 diabetes' }] },
  subject: { reference: 'Patient/elsewhere' },
};

/** What partners do to a bundle, and what nobody should. Each changes it in place. */
const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'an unknown element': (bundle, random) =>
    void (anObject(bundle, random)[random.pick(NAMES)] = structuredCloneOf(random.pick(VALUES))),
  'an extension': (bundle, random) => {
    const owner = anObject(bundle, random);
    const extension = { url: `urn:x:${random.integer(0, 9)}`, valueString: 'kept' };
    owner['extension'] = Array.isArray(owner['extension'])
      ? [extension, ...(owner['extension'] as unknown[])]
      : [extension];
  },
  'a sibling of a primitive': (bundle, random) => {
    const owner = anObject(bundle, random);
    owner[`_${random.pick(Object.keys(owner))}`] = { id: 'p', extension: [{ url: 'urn:x', valueCode: 'y' }] };
  },
  'another item in a list': (bundle, random) => {
    const list = aList(bundle, random);
    const item = random.pick<unknown>([...VALUES, ...(list ?? []), { system: 'urn:other', code: 'c', use: 'old' }]);
    list?.splice(random.integer(0, list.length), 0, structuredCloneOf(item));
  },
  'a list in another order': (bundle, random) => void aList(bundle, random)?.reverse(),
  'an item less': (bundle, random) => {
    const list = aList(bundle, random);
    list?.splice(random.integer(0, Math.max(0, list.length - 1)), 1);
  },
  'an element less': (bundle, random) => {
    const owner = anObject(bundle, random);
    const name = random.pick([...Object.keys(owner), 'none']);
    if (owner !== undefined && name !== 'resourceType') delete owner[name];
  },
  'a value of another kind': (bundle, random) => {
    const owner = anObject(bundle, random);
    const name = random.pick([...Object.keys(owner), 'none']);
    if (name !== 'resourceType' && name !== 'none') owner[name] = structuredCloneOf(random.pick(VALUES));
  },
  'another text': (bundle, random) => {
    const owner = anObject(bundle, random);
    const name = random.pick(
      Object.keys(owner)
        .filter((one) => typeof owner[one] === 'string' && one !== 'resourceType')
        .concat('note'),
    );
    owner[name] = `${String(owner[name])}!`;
  },
  'a contained resource': (bundle, random) =>
    void (resourceOf(bundle, random)['contained'] = [{ resourceType: 'Organization', id: 'o', name: 'x' }]),
  'meta and language': (bundle, random) =>
    void Object.assign(resourceOf(bundle, random), {
      meta: { versionId: '7', lastUpdated: '2026-01-01T00:00:00Z' },
      language: 'fr',
    }),
  'a resource of nobody': (bundle, random) => {
    const entry = {
      fullUrl: 'urn:uuid:00000000-0000-4000-8000-0000000000d1',
      resource: structuredCloneOf(diabetes) as Plain,
    };
    entriesOf(bundle).splice(random.integer(0, entriesOf(bundle).length), 0, entry);
  },
  'an entry without a resource': (bundle, random) =>
    void entriesOf(bundle).splice(random.integer(0, entriesOf(bundle).length), 0, {
      request: { method: 'DELETE', url: 'X/1' },
    }),
  'a resource twice': (bundle, random) =>
    void entriesOf(bundle).push(structuredCloneOf(random.pick(entriesOf(bundle))) as Plain),
  'entries in another order': (bundle) => void entriesOf(bundle).reverse(),
  'an entry less': (bundle, random) =>
    void entriesOf(bundle).splice(random.integer(0, entriesOf(bundle).length - 1), 1),
  'members of the entry': (bundle, random) =>
    void Object.assign(random.pick(entriesOf(bundle)), {
      request: { method: 'POST', url: 'x' },
      search: { mode: 'match' },
    }),
  'a name less': (bundle, random) => {
    const entry = random.pick(entriesOf(bundle));
    delete entry['fullUrl'];
    if (random.chance(0.5)) delete (entry['resource'] as Plain | undefined)?.['id'];
  },
  'a bundle of another kind': (bundle) =>
    void Object.assign(bundle, {
      id: 'b',
      type: 'searchset',
      total: 3,
      link: [{ relation: 'self', url: 'x' }],
      timestamp: '2026-01-01T00:00:00Z',
    }),
};
export const MUTATION_NAMES = Object.keys(MUTATIONS);

/** A copy of the bundle, changed once for each seed. */
export function mutate(bundle: Plain, seeds: readonly number[], names: readonly string[] = MUTATION_NAMES): Plain {
  const changed = structuredCloneOf(bundle) as Plain;
  for (const seed of seeds) {
    if (entriesOf(changed).every((entry) => isPlain(entry['resource'])))
      MUTATIONS[names[seed % names.length]!]!(changed, seededRandom(seed));
  }
  return changed;
}

function structuredCloneOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(structuredCloneOf);
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, structuredCloneOf(member)]));
}
