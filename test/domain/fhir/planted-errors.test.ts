import { describe, expect, it } from 'vitest';
import { JsonNumber } from '../../../src/kernel/json/value.js';
import { validateResource } from '../../../src/domain/fhir/validate.js';

const patient = () => ({
  resourceType: 'Patient',
  id: 'p1',
  identifier: [{ system: 'http://example.org/ids', value: '42' }],
  name: [{ family: 'Tremblay', given: ['Anne'] }],
  gender: 'female',
  birthDate: '1980-02-29',
});
const observation = () => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'Weight' },
  subject: { reference: 'Patient/p1' },
  effectiveDateTime: '2026-01-31T10:00:00-05:00',
  valueQuantity: { value: 71.5, unit: 'kg', system: 'http://unitsofmeasure.org', code: 'kg' },
});
const condition = () => ({
  resourceType: 'Condition',
  clinicalStatus: {
    coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }],
  },
  subject: { reference: 'Patient/p1' },
});

type Case = [name: string, resource: unknown, code: string, location: string];

const PLANTED: Case[] = [
  ['a code outside the required value set', { ...patient(), gender: 'f' }, 'fhir.code', 'Patient.gender'],
  [
    'a concept outside the required value set',
    { ...condition(), clinicalStatus: { coding: [{ system: 'http://example.org', code: 'active' }] } },
    'fhir.code',
    'Condition.clinicalStatus',
  ],
  [
    'text where a required value set demands a code',
    { ...condition(), clinicalStatus: { text: 'active' } },
    'fhir.code',
    'Condition.clinicalStatus',
  ],
  ['a missing element', { ...observation(), status: undefined }, 'fhir.required', 'Observation.status'],
  ['a missing element within', { ...patient(), link: [{ type: 'seealso' }] }, 'fhir.required', 'Patient.link[0].other'],
  ['an array for 0..1', { ...patient(), birthDate: ['1980-02-29'] }, 'fhir.not-single', 'Patient.birthDate'],
  ['an object for 0..*', { ...patient(), name: { family: 'T' } }, 'fhir.not-an-array', 'Patient.name'],
  ['a text for an object', { ...patient(), name: ['Anne'] }, 'fhir.not-an-object', 'Patient.name[0]'],
  ['an object for a text', { ...patient(), birthDate: { text: '1980' } }, 'fhir.json-type', 'Patient.birthDate'],
  ['a text for a boolean', { ...patient(), active: 'true' }, 'fhir.json-type', 'Patient.active'],
  ['29 February of a common year', { ...patient(), birthDate: '1981-02-29' }, 'fhir.calendar', 'Patient.birthDate'],
  ['31 April', { ...patient(), birthDate: '1981-04-31' }, 'fhir.calendar', 'Patient.birthDate'],
  ['month 13', { ...patient(), birthDate: '1981-13-01' }, 'fhir.format', 'Patient.birthDate'],
  [
    'a time without zone',
    { ...observation(), effectiveDateTime: '2026-01-31T10:00:00' },
    'fhir.format',
    'Observation.effective',
  ],
  [
    'a time without seconds',
    { ...observation(), effectiveDateTime: '2026-01-31T10:00Z' },
    'fhir.format',
    'Observation.effective',
  ],
  ['an instant that is a date', { ...observation(), issued: '2026-01-31' }, 'fhir.format', 'Observation.issued'],
  ['an unknown element', { ...patient(), birthdate: '1980' }, 'fhir.unknown-element', 'Patient'],
  [
    'an unknown element within',
    { ...patient(), contact: [{ name: { text: 'B' } }, { name: { famly: 'C' } }] },
    'fhir.unknown-element',
    'Patient.contact[1].name',
  ],
  [
    'two types of one choice',
    { ...patient(), deceasedBoolean: false, deceasedDateTime: '2020' },
    'fhir.choice',
    'Patient.deceased',
  ],
  ['a type that the choice does not offer', { ...patient(), deceasedString: 'no' }, 'fhir.unknown-element', 'Patient'],
  [
    'a reference to the wrong type',
    { ...observation(), subject: { reference: 'Practitioner/x' } },
    'fhir.reference-target',
    'Observation.subject',
  ],
  [
    'an absolute reference to the wrong type',
    { ...observation(), subject: { reference: 'https://example.org/fhir/Practitioner/x' } },
    'fhir.reference-target',
    'Observation.subject',
  ],
  [
    'a wrong type said beside the reference',
    { ...observation(), subject: { type: 'Practitioner', identifier: { value: '1' } } },
    'fhir.reference-target',
    'Observation.subject',
  ],
  [
    'a contained resource of the wrong type',
    {
      ...observation(),
      contained: [{ resourceType: 'Practitioner', id: 'c' }],
      subject: { reference: '#c' },
    },
    'fhir.reference-target',
    'Observation.subject',
  ],
  [
    'a reference to nothing contained',
    { ...observation(), subject: { reference: '#gone' } },
    'fhir.rule.ref-1',
    'Observation.subject',
  ],
  [
    'a contained resource that nothing refers to',
    { ...observation(), contained: [{ resourceType: 'Patient', id: 'c' }] },
    'fhir.rule.dom-3',
    'Observation',
  ],
  [
    'a resource contained in a contained one',
    {
      ...observation(),
      contained: [{ resourceType: 'Patient', id: 'c', contained: [{ resourceType: 'Patient', id: 'd' }] }],
      subject: { reference: '#c' },
    },
    'fhir.rule.dom-2',
    'Observation',
  ],
  [
    'a contact without anything to reach',
    { ...patient(), contact: [{ gender: 'male' }] },
    'fhir.rule.pat-1',
    'Patient.contact[0]',
  ],
  [
    'a period that ends before it starts',
    { ...observation(), effectiveDateTime: undefined, effectivePeriod: { start: '2026-02-01', end: '2026-01-01' } },
    'fhir.rule.per-1',
    'Observation.effective',
  ],
  [
    'a telephone without its system',
    { ...patient(), telecom: [{ value: '555' }] },
    'fhir.rule.cpt-2',
    'Patient.telecom[0]',
  ],
  [
    'an extension with value and extensions',
    {
      ...patient(),
      extension: [{ url: 'http://a.example', valueString: 'x', extension: [{ url: 'b', valueString: 'y' }] }],
    },
    'fhir.rule.ext-1',
    'Patient.extension[0]',
  ],
  [
    'an extension without url',
    { ...patient(), extension: [{ valueString: 'x' }] },
    'fhir.required',
    'Patient.extension[0].url',
  ],
  ['an empty object', { ...patient(), maritalStatus: {} }, 'fhir.empty', 'Patient.maritalStatus'],
  ['an empty array', { ...patient(), name: [] }, 'fhir.empty', 'Patient.name'],
  ['an empty text', { ...patient(), gender: '' }, 'fhir.empty', 'Patient.gender'],
  ['null', { ...patient(), gender: null }, 'fhir.null', 'Patient.gender'],
  [
    'null with nothing opposite',
    { ...patient(), name: [{ given: ['A', null] }] },
    'fhir.null',
    'Patient.name[0].given[1]',
  ],
  [
    'values and extensions of unequal length',
    {
      ...patient(),
      name: [{ given: ['A', 'B'], _given: [{ extension: [{ url: 'http://a.example', valueString: 'x' }] }] }],
    },
    'fhir.sibling-length',
    'Patient.name[0].given',
  ],
  ['an id with an underscore', { ...patient(), id: 'a_b' }, 'fhir.format', 'Patient.id'],
  [
    'a positive integer that is 0',
    { ...patient(), telecom: [{ system: 'phone', value: '5', rank: 0 }] },
    'fhir.format',
    'Patient.telecom[0].rank',
  ],
  ['a fraction for an integer', { ...patient(), multipleBirthInteger: 1.5 }, 'fhir.format', 'Patient.multipleBirth'],
  [
    'an integer written with a fraction',
    { ...patient(), multipleBirthInteger: new JsonNumber('1.0') },
    'fhir.format',
    'Patient.multipleBirth',
  ],
  [
    'base64 that is none',
    { ...patient(), photo: [{ contentType: 'image/png', data: 'a.png' }] },
    'fhir.format',
    'Patient.photo[0].data',
  ],
  [
    'script in the narrative',
    {
      ...patient(),
      text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml"><script>x</script></div>' },
    },
    'fhir.rule.txt-1',
    'Patient.text.div',
  ],
  ...(
    [
      ['an svg', '<svg><circle r="9"/></svg>'],
      ['a frame', '<iframe src="https://elsewhere.example"/>'],
      ['what runs when it is clicked', '<p onclick="x()">Read me</p>'],
      ['a style sheet', '<style>p{background:url(https://elsewhere.example/seen)}</style>'],
    ] as const
  ).map(([what, inside]): Case => [
    `${what} in the narrative`,
    { ...patient(), text: { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml">${inside}</div>` } },
    'fhir.rule.txt-1',
    'Patient.text.div',
  ]),
  [
    'a narrative that says nothing',
    { ...patient(), text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml"> <p/></div>' } },
    'fhir.rule.txt-2',
    'Patient.text.div',
  ],
  [
    'a question that depends on the existence of an answer, by a code',
    {
      resourceType: 'Questionnaire',
      status: 'draft',
      item: [
        { linkId: '1', type: 'choice' },
        { linkId: '2', type: 'text', enableWhen: [{ question: '1', operator: 'exists', answerCoding: { code: 'a' } }] },
      ],
    },
    'fhir.rule.que-7',
    'Questionnaire.item[1].enableWhen[0]',
  ],
  [
    'an error in an entry of a Bundle',
    {
      resourceType: 'Bundle',
      type: 'collection',
      entry: [
        { resource: patient() },
        { resource: observation() },
        { resource: { ...patient(), birthDate: '1980-02-30' } },
      ],
    },
    'fhir.calendar',
    'Bundle.entry[2].resource.birthDate',
  ],
  [
    'an unknown resource in a Bundle',
    { resourceType: 'Bundle', type: 'collection', entry: [{ resource: { resourceType: 'Pacient' } }] },
    'fhir.unknown-resource',
    'Bundle.entry[0].resource',
  ],
  [
    'a urn that leads to the wrong type within the Bundle',
    {
      resourceType: 'Bundle',
      type: 'collection',
      entry: [
        { fullUrl: 'urn:uuid:7f6a3a52-95a5-4d4c-9a6c-2d4ab4b1a2c1', resource: { resourceType: 'Practitioner' } },
        { resource: { ...observation(), subject: { reference: 'urn:uuid:7f6a3a52-95a5-4d4c-9a6c-2d4ab4b1a2c1' } } },
      ],
    },
    'fhir.reference-target',
    'Bundle.entry[1].resource.subject',
  ],
  [
    'a transaction entry without request',
    { resourceType: 'Bundle', type: 'transaction', entry: [{ resource: patient() }] },
    'fhir.rule.bdl-3',
    'Bundle',
  ],
];

describe('a planted error is found', () => {
  it.each(PLANTED)('%s', (_, resource, code, location) => {
    const found = validateResource(resource).map((issue) => `${issue.code} ${issue.location}`);
    expect(found).toContain(`${code} ${location}`);
  });

  it('and nothing else is reported for the fifteen kinds that stand alone', () => {
    const alone = PLANTED.filter(
      ([name]) => !/contained|nothing that|wrong type said|extension with value|null with/.test(name),
    );
    for (const [, resource] of alone) expect(validateResource(resource)).toHaveLength(1);
    expect(alone.length).toBeGreaterThanOrEqual(15);
  });

  it('all at once in one resource', () => {
    const bundle = {
      resourceType: 'Bundle',
      type: 'collection',
      entry: PLANTED.filter(([, , , location]) => !location.startsWith('Bundle')).map(([, resource]) => ({ resource })),
    };
    const found = new Set(validateResource(bundle).map(({ code, location }) => `${code} ${location}`));
    const missed = PLANTED.filter(([, , , location]) => !location.startsWith('Bundle')).filter(
      ([, , code, location], index) => {
        const place = location.replace(/^[A-Za-z]+/, `Bundle.entry[${index}].resource`);
        return !found.has(`${code} ${place}`);
      },
    );
    expect(missed.map(([name]) => name)).toEqual([]);
  });
});

describe('what is valid is not reported', () => {
  const VALID: [string, unknown][] = [
    ['a patient', patient()],
    ['an observation', observation()],
    ['a resource without any element', { resourceType: 'Basic', code: { text: 'x' } }],
    ['members that are undefined', { ...patient(), maritalStatus: undefined }],
    [
      'an extension instead of a value',
      {
        ...patient(),
        birthDate: undefined,
        _birthDate: {
          extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'masked' }],
        },
      },
    ],
    ['an id beside a value', { ...patient(), _gender: { id: 'g' } }],
    [
      'null opposite an extension',
      {
        ...patient(),
        name: [{ given: [null, 'B'], _given: [{ extension: [{ url: 'http://a.example', valueString: 'x' }] }, null] }],
      },
    ],
    ['numbers as they were written', { ...observation(), valueQuantity: { value: new JsonNumber('0.10') } }],
    [
      'a question that depends on the existence of an answer',
      {
        resourceType: 'Questionnaire',
        status: 'draft',
        item: [
          { linkId: '1', type: 'choice' },
          { linkId: '2', type: 'text', enableWhen: [{ question: '1', operator: 'exists', answerBoolean: false }] },
        ],
      },
    ],
    ['a leap second', { ...observation(), effectiveDateTime: '2016-12-31T23:59:60Z' }],
    ['29 February 2000', { ...patient(), birthDate: '2000-02-29' }],
    ['a year', { ...patient(), birthDate: '1980' }],
    [
      'a reference by urn',
      { ...observation(), subject: { reference: 'urn:uuid:7f6a3a52-95a5-4d4c-9a6c-2d4ab4b1a2c1' } },
    ],
    ['a conditional reference', { ...observation(), subject: { reference: 'Patient?identifier=x' } }],
    [
      'a reference to a version elsewhere',
      { ...observation(), subject: { reference: 'https://example.org/fhir/Patient/1/_history/2' } },
    ],
    [
      'a period whose ends differ in precision',
      { ...observation(), effectiveDateTime: undefined, effectivePeriod: { start: '2026-01', end: '2026-01-15' } },
    ],
    [
      'a contained resource that refers to its container',
      {
        ...patient(),
        contained: [
          {
            resourceType: 'Provenance',
            id: 'v',
            target: [{ reference: '#' }],
            recorded: '2026-01-01T00:00:00Z',
            agent: [{ who: { display: 'a' } }],
          },
        ],
      },
    ],
  ];
  it.each(VALID)('%s', (_, resource) => {
    expect(validateResource(resource)).toEqual([]);
  });
});

describe('an issue', () => {
  it('repeats nothing of what was sent, not even the name of an unknown element', () => {
    const secret = 'K4n4ry';
    const resources = [
      { ...patient(), [secret]: secret, gender: secret, birthDate: secret, name: [secret], active: secret },
      { ...patient(), id: `${secret}_`, identifier: [{ [secret]: { [secret]: 1 } }], telecom: [{ value: secret }] },
      { ...observation(), subject: { reference: `${secret}/1` }, status: secret, valueString: secret },
      { resourceType: secret },
    ];
    for (const resource of resources) {
      const issues = validateResource(resource);
      expect(issues.length).toBeGreaterThan(0);
      expect(JSON.stringify(issues)).not.toContain(secret);
    }
  });

  it('names the nearest element of the standard for a misspelt one, in both languages', () => {
    const [issue] = validateResource({ ...patient(), brithDate: '1980' });
    expect(issue?.message.en).toContain('Did you mean birthDate?');
    expect(issue?.message.fr).toContain('Vouliez-vous dire birthDate\u00a0?');
  });

  it('is a recommendation only on demand', () => {
    expect(validateResource(patient(), { withWarnings: true })).toMatchObject([
      { severity: 'warning', code: 'fhir.rule.dom-6', location: 'Patient' },
    ]);
  });

  it.each([
    null,
    undefined,
    5,
    'text',
    [],
    [patient()],
    {},
    { resourceType: 'Resource' },
    { resourceType: ['Patient'] },
  ])('says that %j is no resource', (value) => {
    expect(validateResource(value)).toHaveLength(1);
  });
});
