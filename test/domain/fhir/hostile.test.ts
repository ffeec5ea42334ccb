import { describe, expect, it } from 'vitest';
import { validateResource } from '../../../src/domain/fhir/validate.js';

const LONGEST_MS = 100;

/** Processor time, so that a busy machine does not count; the best of three, since the first run compiles. */
function blockedMs(resource: unknown): { ms: number; codes: string[] } {
  let ms = Infinity;
  let codes: string[] = [];
  for (let run = 0; run < 3; run += 1) {
    const start = process.cpuUsage();
    codes = validateResource(resource).map(({ code }) => code);
    const { user, system } = process.cpuUsage(start);
    ms = Math.min(ms, (user + system) / 1000);
  }
  return { ms, codes };
}

function nested(levels: number): Record<string, unknown> {
  let inner: Record<string, unknown> = { url: 'http://a.example', valueString: 'x' };
  for (let level = 0; level < levels; level += 1) inner = { url: 'http://a.example', extension: [inner] };
  return inner;
}

const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));
const patient = (index: number) => ({
  resourceType: 'Patient',
  id: `p${index}`,
  identifier: [{ system: 'http://a.example', value: `${index}` }],
  name: [{ family: 'A', given: ['B'] }],
  birthDate: '1980-01-01',
});

const HOSTILE: [string, unknown, string][] = [
  ['10,000 levels of extensions', { resourceType: 'Patient', extension: [nested(10_000)] }, 'fhir.too-deep'],
  [
    '10,000 levels of arrays',
    { resourceType: 'Patient', name: many(1, () => many(10_000, () => 0).reduce<unknown>((inner) => [inner], [])) },
    'fhir.not-an-object',
  ],
  [
    '10,000 entries',
    { resourceType: 'Bundle', type: 'collection', entry: many(10_000, (index) => ({ resource: patient(index) })) },
    'fhir.too-large',
  ],
  [
    '10,000 entries that are wrong',
    { resourceType: 'Bundle', type: 'collection', entry: many(10_000, () => ({ x: 1 })) },
    'fhir.more',
  ],
  [
    '100,000 unknown elements',
    { resourceType: 'Patient', ...Object.fromEntries(many(100_000, (index) => [`x${index}`, 1])) },
    'fhir.more',
  ],
  [
    '4,000 contained resources that refer to one another',
    {
      resourceType: 'List',
      status: 'current',
      mode: 'working',
      contained: many(4_000, (index) => ({
        resourceType: 'Patient',
        id: `c${index}`,
        link: [{ type: 'seealso', other: { reference: `#c${index + 1}` } }],
      })),
    },
    'fhir.rule.dom-3',
  ],
  [
    '5,000 × 5,000 comparisons in a rule',
    {
      resourceType: 'ImplementationGuide',
      url: 'http://a.example',
      name: 'A',
      status: 'draft',
      packageId: 'a',
      fhirVersion: ['4.0.1'],
      definition: {
        grouping: many(5_000, (index) => ({ id: `g${index}`, name: 'x' })),
        resource: many(5_000, () => ({ reference: { reference: 'Patient/1' }, groupingId: 'g4999' })),
      },
    },
    'fhir.too-costly',
  ],
  ['a code of 1,000,000 spaces', { resourceType: 'Patient', language: ' '.repeat(1_000_000) }, 'fhir.format'],
  [
    'a reference of 1,000,000 slashes',
    { resourceType: 'Patient', managingOrganization: { reference: `http://${'a/'.repeat(500_000)}` } },
    '',
  ],
  [
    'a narrative of 200,000 open elements',
    { resourceType: 'Patient', text: { status: 'generated', div: '<div>'.repeat(200_000) } },
    'fhir.rule.txt-1',
  ],
  [
    'a narrative of 400,000 elements',
    {
      resourceType: 'Patient',
      text: { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml">${'<b/>'.repeat(400_000)}</div>` },
    },
    'fhir.too-costly',
  ],
  [
    'a narrative of 1,000,000 blanks in a tag',
    { resourceType: 'Patient', text: { status: 'generated', div: `<div ${' '.repeat(1_000_000)}` } },
    'fhir.rule.txt-1',
  ],
  [
    'base64 of 3,000,000 letters',
    { resourceType: 'Binary', contentType: 'a/b', data: `${'AAAA'.repeat(750_000)}=` },
    'fhir.format',
  ],
];

describe('hostile input', () => {
  it.each(HOSTILE)('%s ends in a clear error, soon', (_, resource, code) => {
    const { ms, codes } = blockedMs(resource);
    if (code !== '') expect(codes).toContain(code);
    expect(ms).toBeLessThan(LONGEST_MS);
  });

  it('cannot bring members of the prototype into the check', () => {
    const resource = JSON.parse(
      '{"resourceType":"Patient","__proto__":{"birthDate":"x"},"constructor":{"a":1}}',
    ) as unknown;
    expect(validateResource(resource).map(({ code }) => code)).toEqual([
      'fhir.unknown-element',
      'fhir.unknown-element',
    ]);
    expect(validateResource({ resourceType: 'constructor' }).map(({ code }) => code)).toEqual([
      'fhir.unknown-resource',
    ]);
    expect(validateResource({ resourceType: '__proto__' }).map(({ code }) => code)).toEqual(['fhir.unknown-resource']);
  });
});
