import { describe, expect, it } from 'vitest';
import { prefers } from '../../src/http/request/prefers.js';
import { caseBundleExample } from '../../src/http/schemas/case-bundle-example.js';
import { caseExample } from '../../src/http/schemas/case-example.js';
import { RelaisError } from '../../src/kernel/errors.js';
import { api, startHttp } from '../support/http.js';

const FHIR = 'application/fhir+json';
const stored = {
  caseId: 'C-1',
  personId: '0c8a5d7e-3b21-4f96-a1d4-9e6b2c7f8a10',
  version: 1,
  changed: true,
  taken: 1,
  kept: { elements: 1, reasons: { foreign: 1 }, places: [{ map: 'case/person', path: 'photo', reason: 'foreign' }] },
  conflicts: [],
} as never;

describe('a case as FHIR', () => {
  it.each([FHIR, `${FHIR}; charset=utf-8`, 'Application/FHIR+JSON; fhirVersion=4.0'])('is put as %s', async (type) => {
    const { server } = startHttp({ story: { putCaseBundle: async () => stored } });
    const body = JSON.stringify(caseBundleExample);
    const answer = await api(server, 'partner')
      .put('/api/v1/cases/C-1')
      .set('Content-Type', type)
      .send(body)
      .expect(201);
    expect(answer.body).toEqual(stored);
  });

  it('is not what application/json means', async () => {
    const { server } = startHttp({ story: { putCase: async () => stored } });
    await api(server, 'partner').put('/api/v1/cases/C-1').send(caseExample).expect(201);
    await api(server, 'partner')
      .put('/api/v1/cases/C-1')
      .set('Content-Type', 'application/fhir+xml')
      .send('x')
      .expect(415);
    await api(server, 'partner').put('/api/v1/cases/C-1').set('Content-Type', FHIR).send('[]').expect(422);
    await api(server, 'partner').put('/api/v1/cases/C-1').set('Content-Type', FHIR).send('{"a":1,"a":2}').expect(400);
  });

  it('is read with Accept, and as JSON otherwise', async () => {
    const { server } = startHttp({
      story: {
        getCaseBundle: async () => caseBundleExample,
        getCase: async () =>
          ({ caseId: 'C-1', personId: 'p', version: 1, document: caseExample, written: [], takenOver: null }) as never,
      },
    });
    const asked = await api(server, 'partner').get('/api/v1/cases/C-1').set('Accept', FHIR).expect(200);
    expect(asked.type).toBe(FHIR);
    expect(JSON.parse(asked.text)).toEqual(caseBundleExample);
    for (const accept of ['*/*', 'application/json', `${FHIR};q=0.1, application/json`, `${FHIR};q=0`]) {
      const answer = await api(server, 'partner').get('/api/v1/cases/C-1').set('Accept', accept).expect(200);
      expect(answer.type, accept).toBe('application/json');
    }
  });

  it.each([
    ['case.fhir-invalid', 'Le Bundle n’est pas du FHIR R4 valide.', 'fhir.unknown-resource'],
    ['mapping.several-persons', 'Le Bundle concerne plus d’une personne.', undefined],
    [
      'mapping.too-large',
      'Le Bundle est plus grand que ce qui se lit en une fois\u00a0: trop d’entrées, d’éléments de listes ou d’éléments en tout.',
      undefined,
    ],
  ])('is refused with %s in the caller’s language', async (code, title, rule) => {
    const { server } = startHttp({
      story: {
        putCaseBundle: async () => {
          const violations = rule === undefined ? [] : [{ path: 'Bundle.entry[0]', rule, message: 'English.' }];
          throw new RelaisError(code, 422, 'invalid', 'English.', { violations });
        },
      },
    });
    const answer = await api(server, 'partner')
      .put('/api/v1/cases/C-1')
      .set({ 'Content-Type': FHIR, 'Accept-Language': 'fr' })
      .send('{}')
      .expect(422);
    expect(answer.body).toMatchObject({ code, title });
    if (rule !== undefined) expect(answer.body.violations[0].message).not.toBe('English.');
  });
});

describe('Accept', () => {
  it.each([
    [undefined, false],
    ['', false],
    ['*/*', false],
    [FHIR, true],
    [FHIR.toUpperCase(), true],
    [`text/html, ${FHIR};q=0.5`, true],
    [`application/json, ${FHIR}`, true],
    [`application/json;q=0.9, ${FHIR};q=0.8`, false],
    [`${FHIR};q=0`, false],
    [`${FHIR};q=x`, true],
    [`${','.repeat(2000)}${FHIR}`, false],
  ])('%s: %s', (accept, expected) => {
    expect(prefers(FHIR, accept)).toBe(expected);
  });
});
