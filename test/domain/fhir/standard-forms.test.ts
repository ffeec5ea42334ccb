import { describe, expect, it } from 'vitest';
import { validateResource } from '../../../src/domain/fhir/validate.js';
import { readJson } from '../../../src/kernel/json.js';

/** Forms that the text of R4 allows (each with its page) and that a validator may trip over. */
const div = (inside: string): object => ({
  resourceType: 'Patient',
  text: { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml">${inside}</div>` },
});
const observation = (rest: object): object => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'c' },
  ...rest,
});
const extension = (value: object): object => ({ resourceType: 'Patient', extension: [{ url: 'urn:x', ...value }] });
const patient = (rest: object): object => ({ resourceType: 'Patient', ...rest });
const bundle = (type: string, entry: readonly object[], rest: object = {}): object => ({
  resourceType: 'Bundle',
  type,
  entry,
  ...rest,
});
const definition = (element: object): object => ({
  resourceType: 'StructureDefinition',
  url: 'http://a.example/sd',
  name: 'Sd',
  status: 'draft',
  kind: 'resource',
  abstract: false,
  type: 'Patient',
  baseDefinition: 'http://hl7.org/fhir/StructureDefinition/Patient',
  derivation: 'constraint',
  differential: { element: [{ id: 'Patient', path: 'Patient', ...element }] },
});
const reference = (text: string): object => observation({ subject: { reference: text } });

type Row = readonly [string, object];

/** https://hl7.org/fhir/R4/datatypes.html#primitive */
const PRIMITIVES: readonly Row[] = [
  ['an instant with a leap second and a fraction', observation({ issued: '2016-12-31T23:59:60.123456789Z' })],
  ['the easternmost zone', observation({ issued: '2016-12-31T23:59:59+14:00' })],
  ['a year', patient({ birthDate: '1905' })],
  ['a month', observation({ effectiveDateTime: '2020-02' })],
  ['a year before 1000', patient({ birthDate: '0988-06-01' })],
  ['midnight', observation({ effectiveDateTime: '2020-02-29T00:00:00-00:00' })],
  ['a time with a fraction', observation({ valueTime: '23:59:60.5' })],
  ['a code of two words', extension({ valueCode: 'a b' })],
  ['a code of other letters', extension({ valueCode: 'été' })],
  ['a canonical with version and fragment', patient({ meta: { profile: ['http://a.example/p|1.0.0#x'] } })],
  ['a URI that is an OID', patient({ identifier: [{ system: 'urn:oid:2.16.840.1.113883.6.1', value: '1' }] })],
  ['a URI that is relative', extension({ valueUri: '../a?b=c#d' })],
  ['a URI with letters outside ASCII', extension({ valueUri: 'http://a.example/é' })],
  ['an OID', extension({ valueOid: 'urn:oid:1.2.840.0.1' })],
  ['a UUID', extension({ valueUuid: 'urn:uuid:c757873d-ec9a-4326-a141-556f43239520' })],
  ['an id of 64 characters', patient({ id: `A-z.0${'9'.repeat(59)}` })],
  ['a string of one blank beside others', patient({ name: [{ text: ' Anne ' }] })],
  ['a string over lines', patient({ name: [{ text: 'a\r\n\tb' }] })],
  ['markdown', extension({ valueMarkdown: '# a\n\n* b' })],
  ['base64 with blanks', { resourceType: 'Binary', contentType: 'text/plain', data: 'QUJD\n REVG' }],
  ['the largest integer', patient({ multipleBirthInteger: 2147483647 })],
  ['the smallest integer', extension({ valueInteger: -2147483648 })],
  ['0 for an unsigned integer', extension({ valueUnsignedInt: 0 })],
  ['an empty list of nothing in a number', extension({ valueDecimal: 0 })],
];

/** https://hl7.org/fhir/R4/json.html */
const JSON_FORMS: readonly Row[] = [
  [
    'only an extension of a primitive',
    patient({ _birthDate: { extension: [{ url: 'urn:x', valueCode: 'unknown' }] } }),
  ],
  [
    'a list in which some have values, some extensions, some both',
    patient({
      name: [
        {
          given: ['A', null, 'C'],
          _given: [null, { extension: [{ url: 'urn:x', valueString: 'y' }] }, { id: 'c' }],
        },
      ],
    }),
  ],
  ['only extensions of a list', patient({ name: [{ _given: [{ extension: [{ url: 'urn:x', valueString: 'y' }] }] }] })],
  ['an id beside a value', patient({ birthDate: '1970-03-30', _birthDate: { id: '314159' } })],
  [
    'a choice that is only an extension',
    observation({ _valueString: { extension: [{ url: 'urn:x', valueCode: 'a' }] } }),
  ],
  ['an extension without a value, with extensions', extension({ extension: [{ url: 'a', valueString: 'b' }] })],
  ['a modifier extension', patient({ modifierExtension: [{ url: 'urn:x', valueBoolean: true }] })],
  ['a relative url in an extension', extension({ extension: [{ url: 'ombCategory', valueString: 'b' }] })],
  ['a resource of nothing but its type', { resourceType: 'Patient' }],
  ['ids of elements', patient({ name: [{ id: 'a.b:c[x]', family: 'F' }] })],
  ['implicit rules and a language', patient({ implicitRules: 'http://a.example/r', language: 'en-AU' })],
];

/** https://hl7.org/fhir/R4/references.html */
const REFERENCES: readonly Row[] = [
  ['relative', reference('Patient/1')],
  ['relative with a version', reference('Patient/1/_history/3')],
  ['absolute', reference('https://a.example:8443/fhir/r4/Patient/1')],
  ['absolute that is no RESTful address', reference('http://a.example/page?x=y')],
  ['a UUID', reference('urn:uuid:c757873d-ec9a-4326-a141-556f43239520')],
  ['an OID', reference('urn:oid:1.2.3.4')],
  ['an identifier alone', observation({ subject: { type: 'Patient', identifier: { system: 'urn:x', value: '1' } } })],
  ['a display alone', observation({ subject: { display: 'A' } })],
  ['a type that is a URL', observation({ subject: { type: 'http://a.example/Special', display: 'A' } })],
  [
    'a contained resource',
    observation({ contained: [{ resourceType: 'Patient', id: 'p' }], subject: { reference: '#p' } }),
  ],
  [
    'a contained resource that another contained one refers to',
    observation({
      contained: [
        { resourceType: 'Patient', id: 'p', managingOrganization: { reference: '#o' } },
        { resourceType: 'Organization', id: 'o', name: 'O' },
      ],
      subject: { reference: '#p' },
    }),
  ],
  [
    'a contained resource named by a canonical',
    {
      resourceType: 'QuestionnaireResponse',
      status: 'completed',
      contained: [{ resourceType: 'Questionnaire', id: 'q', status: 'draft' }],
      questionnaire: '#q',
    },
  ],
];

/** https://hl7.org/fhir/R4/narrative.html: HTML 4.0 chapters 7 to 11 (without 9.4) and 15, links, images, style. */
const NARRATIVES: readonly Row[] = [
  [
    'headings, lists, tables',
    div('<h1>a</h1><ul><li>b</li></ul><table border="1"><tbody><tr><td rowspan="2">c</td></tr></tbody></table>'),
  ],
  ['an address, a direction, a key', div('<address>a</address><bdo dir="rtl">b</bdo><kbd>c</kbd>')],
  [
    'fonts and lines',
    div(
      '<font color="red" face="x" size="2">a</font><u>b</u><s>c</s><strike>d</strike><center>e</center><hr noshade="noshade"/>',
    ),
  ],
  ['old lists', div('<dir><li>a</li></dir><menu><li>b</li></menu>')],
  ['an image alone', div('<img src="#i" alt="x"/>')],
  ['an image with its data', div('<img src="data:image/png;base64,AAAA"/>')],
  ['a map of areas', div('<map name="m"><area nohref="nohref" alt="a"/></map>a')],
  ['a link by name', div('<a name="x"> </a>a')],
  ['entities and comments', div('a&nbsp;&lt;&#160;<!-- b < c -->')],
  ['single quotes and blanks in tags', div("<p  class='a' >b</p >")],
  ['a language', div('<p lang="en" xml:lang="en">a</p>')],
  [
    'blank lines around',
    {
      resourceType: 'Patient',
      text: { status: 'empty', div: '\n<div xmlns="http://www.w3.org/1999/xhtml">a</div>\n' },
    },
  ],
];

const TYPES: readonly Row[] = [
  [
    'parameters of many types',
    {
      resourceType: 'Parameters',
      parameter: [
        { name: 'a', valueBase64Binary: 'QQ==' },
        { name: 'b', valueDosage: { text: 'x', doseAndRate: [{ doseQuantity: { value: 1 } }] } },
        { name: 'c', valueMeta: { tag: [{ code: 'x' }] } },
        { name: 'd', valueExpression: { language: 'text/fhirpath', expression: 'a' } },
        { name: 'e', valueSampledData: { origin: { value: 0 }, period: 10, dimensions: 1, data: '1 2 E U L' } },
        {
          name: 'f',
          valueTiming: { repeat: { boundsPeriod: { start: '2020' }, frequency: 1, period: 1, periodUnit: 'd' } },
        },
        { name: 'g', valueMoney: { value: 1.5, currency: 'EUR' } },
        { name: 'h', resource: { resourceType: 'Patient' } },
        {
          name: 'i',
          part: [
            { name: 'j', part: [{ name: 'k', valueRatio: { numerator: { value: 1 }, denominator: { value: 2 } } }] },
          ],
        },
        {
          name: 'l' + 'm',
          valueSignature: { type: [{ code: 'x' }], when: '2020-01-01T00:00:00Z', who: { display: 'a' } },
        },
      ],
    },
  ],
  [
    'an element definition with a default, a pattern and limits',
    definition({ min: 0, max: '*', patternCodeableConcept: { coding: [{ code: 'a' }] } }),
  ],
  ['a fixed value', definition({ fixedUri: 'http://a.example' })],
  ['limits', definition({ minValueDate: '2000', maxValueDate: '2020-01-01' })],
  ['a content reference', definition({ contentReference: '#Patient.contact' })],
  [
    'items in items in items',
    {
      resourceType: 'Questionnaire',
      status: 'draft',
      item: [
        {
          linkId: '1',
          type: 'group',
          item: [{ linkId: '1.1', type: 'group', item: [{ linkId: '1.1.1', type: 'display', text: 'x' }] }],
        },
      ],
    },
  ],
  [
    'concepts in concepts',
    {
      resourceType: 'CodeSystem',
      status: 'active',
      content: 'complete',
      concept: [{ code: 'a', concept: [{ code: 'b', concept: [{ code: 'c' }] }] }],
    },
  ],
  [
    'a value set with an expansion in levels',
    {
      resourceType: 'ValueSet',
      status: 'active',
      compose: { include: [{ system: 'urn:x', filter: [{ property: 'concept', op: 'is-a', value: 'a' }] }] },
      expansion: {
        timestamp: '2020',
        contains: [{ abstract: true, display: 'x', contains: [{ system: 'urn:x', code: 'a' }] }],
      },
    },
  ],
  [
    'a goal with a target',
    {
      resourceType: 'Goal',
      lifecycleStatus: 'active',
      description: { text: 'x' },
      subject: { display: 'a' },
      target: [
        {
          measure: { text: 'm' },
          detailQuantity: { value: 1 },
          dueDuration: { value: 1, unit: 'a', system: 'http://unitsofmeasure.org', code: 'a' },
        },
      ],
    },
  ],
  [
    'an age',
    {
      resourceType: 'Condition',
      subject: { display: 'a' },
      onsetAge: { value: 52, unit: 'years', system: 'http://unitsofmeasure.org', code: 'a' },
    },
  ],
  ['a quantity with a comparator', observation({ valueQuantity: { value: 1, comparator: '<', unit: 'mg' } })],
];

const BUNDLES: readonly Row[] = [
  [
    'a history with a deletion',
    bundle(
      'history',
      [
        {
          fullUrl: 'http://a.example/Patient/1',
          request: { method: 'DELETE', url: 'Patient/1' },
          response: { status: '204', lastModified: '2020-01-01T00:00:00Z' },
        },
      ],
      { total: 1 },
    ),
  ],
  [
    'a search with an outcome',
    bundle(
      'searchset',
      [
        { resource: { resourceType: 'Patient' }, search: { mode: 'match', score: 0.5 } },
        {
          resource: { resourceType: 'OperationOutcome', issue: [{ severity: 'information', code: 'informational' }] },
          search: { mode: 'outcome' },
        },
      ],
      { total: 0, link: [{ relation: 'self', url: 'http://a.example/Patient' }] },
    ),
  ],
  [
    'a transaction',
    bundle('transaction', [
      {
        fullUrl: 'urn:uuid:c757873d-ec9a-4326-a141-556f43239520',
        resource: { resourceType: 'Patient' },
        request: { method: 'POST', url: 'Patient', ifNoneExist: 'identifier=x' },
      },
    ]),
  ],
  [
    'its answer',
    bundle('transaction-response', [
      { response: { status: '201 Created', location: 'Patient/1/_history/1', etag: 'W/"1"' } },
    ]),
  ],
  ['a batch', bundle('batch', [{ request: { method: 'GET', url: 'Patient?name=x' } }])],
  [
    'a batch’s answer',
    bundle('batch-response', [
      {
        response: {
          status: '200',
          outcome: { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'invalid' }] },
        },
      },
    ]),
  ],
  [
    'a document',
    bundle(
      'document',
      [
        {
          fullUrl: 'http://a.example/Composition/1',
          resource: {
            resourceType: 'Composition',
            status: 'final',
            type: { text: 't' },
            date: '2020',
            author: [{ display: 'a' }],
            title: 'T',
            section: [
              {
                title: 's',
                text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml">x</div>' },
                section: [{ title: 'u', entry: [{ display: 'x' }] }],
              },
            ],
          },
        },
      ],
      { identifier: { system: 'urn:x', value: '1' }, timestamp: '2020-01-01T00:00:00Z' },
    ),
  ],
  [
    'a message',
    bundle('message', [
      {
        resource: {
          resourceType: 'MessageHeader',
          eventUri: 'http://a.example/e',
          source: { endpoint: 'http://a.example' },
        },
      },
    ]),
  ],
  [
    'a collection of bundles',
    bundle(
      'collection',
      [{ resource: bundle('searchset', []) }].map((entry) => ({ resource: { ...entry.resource, entry: undefined } })),
    ),
  ],
  [
    'the same fullUrl in two versions',
    bundle('collection', [
      { fullUrl: 'http://a.example/Patient/1', resource: { resourceType: 'Patient', meta: { versionId: '1' } } },
      { fullUrl: 'http://a.example/Patient/1', resource: { resourceType: 'Patient', meta: { versionId: '2' } } },
    ]),
  ],
];

describe.each([
  ['a primitive', PRIMITIVES],
  ['JSON', JSON_FORMS],
  ['a reference', REFERENCES],
  ['a narrative', NARRATIVES],
  ['a type', TYPES],
  ['a Bundle', BUNDLES],
])('R4 allows, as %s,', (_, rows) => {
  it.each(rows)('%s', (__, resource) => {
    expect(validateResource(resource).map(({ location, code }) => `${location} ${code}`)).toEqual([]);
  });
});

it('R4 allows a narrative of 40,000 cells; one of a million ends in an error that says why', () => {
  const rows = (count: number): object => div(`<table>${'<tr><td>a</td><td>b</td></tr>'.repeat(count)}</table>`);
  expect(validateResource(rows(20_000))).toEqual([]);
  expect(validateResource(rows(500_000))).toMatchObject([{ code: 'fhir.too-costly', location: 'Patient.text.div' }]);
});

it('R4 allows decimals of any length, and exponents', () => {
  const text =
    '{"resourceType":"Observation","status":"final","code":{"text":"c"},"component":[' +
    ['0.10', '3.14159265358979323846264338327950288', '1e-24', '-1.0E+2', '100000000000000000000']
      .map((value) => `{"code":{"text":"c"},"valueQuantity":{"value":${value}}}`)
      .join() +
    ']}';
  expect(validateResource(readJson(Buffer.from(text)))).toEqual([]);
});

/** What the same pages forbid. */
const FORBIDDEN: readonly [string, object, string][] = [
  ['comments of DSTU2', patient({ fhir_comments: ['x'] }), 'Patient fhir.unknown-element'],
  ['a leap second at 61', observation({ issued: '2016-12-31T23:59:61Z' }), 'Observation.issued fhir.format'],
  ['a zone beyond 14 hours', observation({ issued: '2016-12-31T23:59:59+14:30' }), 'Observation.issued fhir.format'],
  ['hour 24', observation({ effectiveDateTime: '2016-12-31T24:00:00Z' }), 'Observation.effective fhir.format'],
  ['two blanks in a code', extension({ valueCode: 'a  b' }), 'Patient.extension[0].value fhir.format'],
  [
    'a UUID in capitals',
    extension({ valueUuid: 'urn:uuid:C757873D-EC9A-4326-A141-556F43239520' }),
    'Patient.extension[0].value fhir.format',
  ],
  [
    'a bare UUID',
    extension({ valueUuid: 'c757873d-ec9a-4326-a141-556f43239520' }),
    'Patient.extension[0].value fhir.format',
  ],
  ['a form in the narrative', div('<form>a</form>'), 'Patient.text.div fhir.rule.txt-1'],
  ['an event in the narrative', div('<p onclick="a()">b</p>'), 'Patient.text.div fhir.rule.txt-1'],
  ['insertions in the narrative (chapter 9.4)', div('<ins>a</ins>'), 'Patient.text.div fhir.rule.txt-1'],
  ['a narrative that is not closed', div('<p>a'), 'Patient.text.div fhir.rule.txt-1'],
  [
    'an extension of a url',
    { resourceType: 'Patient', extension: [{ url: 'x', _url: { id: 'a' }, valueString: 'b' }] },
    'Patient.extension[0] fhir.unknown-element',
  ],
  ['a null that is alone', patient({ birthDate: null }), 'Patient.birthDate fhir.null'],
  [
    'a version in fullUrl',
    bundle('collection', [{ fullUrl: 'http://a.example/Patient/1/_history/2', resource: { resourceType: 'Patient' } }]),
    'Bundle.entry[0] fhir.rule.bdl-8',
  ],
  [
    'a document that does not begin with its composition',
    bundle('document', [{ fullUrl: 'http://a.example/Patient/1', resource: { resourceType: 'Patient' } }], {
      identifier: { system: 'urn:x', value: '1' },
      timestamp: '2020-01-01T00:00:00Z',
    }),
    'Bundle fhir.rule.bdl-11',
  ],
  [
    'a reference whose type is another one',
    observation({ subject: { reference: 'Patient/1', type: 'Group' } }),
    'Observation.subject.type fhir.reference-type',
  ],
];

it.each(FORBIDDEN)('R4 forbids %s', (_, resource, found) => {
  expect(validateResource(resource).map(({ location, code }) => `${location} ${code}`)).toEqual([found]);
});

it('every text of an issue is a sentence in English and in French, with all of its parts filled in', () => {
  for (const [, resource] of FORBIDDEN) {
    for (const { message } of validateResource(resource)) {
      expect(message.en).toMatch(/^[A-Zn].*[^{}]$/s);
      expect(message.fr).toMatch(/^[A-ZÉn].*[^{}]$/s);
      expect(message.fr).not.toBe(message.en);
    }
  }
});
