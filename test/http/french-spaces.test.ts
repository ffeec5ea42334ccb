import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RelaisError } from '../../src/kernel/errors.js';
import { ERROR_TEXTS } from '../../src/http/error-texts.js';
import { buildOpenApi } from '../../src/http/openapi/build-openapi.js';
import { presentOutcome, presentProblem } from '../../src/http/problem.js';
import { makeIssue } from '../../src/domain/fhir/issue.js';
import { CASE_RULES } from '../../src/domain/case/rule-texts.js';
import { ROUTES } from '../../src/http/routes.js';
import { consentFor, openGateway, type TestGateway } from '../support/open-gateway.js';

/** Whatever the gateway says in French keeps its high punctuation on the line; what a machine reads keeps plain spaces. */

/** A space that a line may end at, before high punctuation or inside quotation marks. */
const BREAKS = / (»|[:;?!](?=[\s<)]|$))|« /;
/** Every text of an answer, wherever it stands. */
function textsOf(answer: unknown): string[] {
  const found: string[] = [];
  JSON.stringify(answer, (_key, value: unknown) => {
    if (typeof value === 'string') found.push(value);
    return value;
  });
  return found;
}
const broken = (answer: unknown): string[] => textsOf(answer).filter((text) => BREAKS.test(text));
const kept = (answer: unknown): string[] => textsOf(answer).filter((text) => /\u00a0[:;?!»]/.test(text));

describe('every error', () => {
  const as = { lang: 'fr', requestId: 'r', publicUrl: 'https://relais.test' } as const;
  const rules = [...Object.keys(CASE_RULES), ...Object.keys(ERROR_TEXTS), 'schema.too-small', 'fhir.more'];
  const violations = rules.map((rule) => ({ path: '/x', rule, message: rule }));
  const errors = Object.keys(ERROR_TEXTS).map(
    // Some answers name in a header what would have been allowed.
    (code) => new RelaisError(code, 422, 'value', code, { violations, details: { allowed: ['GET'] } }),
  );

  it('as a problem document and as an OperationOutcome', () => {
    const answers = errors.flatMap((error) => [presentProblem(error, as).body, presentOutcome(error, as).body]);
    expect(broken(answers)).toEqual([]);
    expect(kept(answers).length).toBeGreaterThan(100);
  });

  it('and what is wrong with a resource, with what stands in it', () => {
    const { message } = makeIssue('fhir.more', 'Bundle', { max: '100' });
    expect(message.fr).toBe('Plus de 100 erreurs\u00a0: les suivantes ne sont pas énumérées.');
  });
});

describe('an answer', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await openGateway();
  }, 60_000);
  afterAll(() => gateway.close());
  const get = (path: string, who = 'agency') => gateway.http(who).get(path).set('Accept-Language', 'fr');

  it('why something leaves or stays, what was decided, what the person reads, what the API is', async () => {
    const { caseId, personId } = await gateway.putCase();
    const consent = consentFor(personId, gateway.recipient.organizationId);
    const { body: recorded } = await gateway.http().post('/fhir/Consent').send(consent).expect(201);
    const asked = {
      caseId,
      recipientOrganizationId: gateway.recipient.organizationId,
      purpose: 'HOUSING',
      ground: { kind: 'consent' },
    };
    const preview = await gateway
      .http()
      .post('/api/v1/transfers/preview')
      .set('Accept-Language', 'fr')
      .send(asked)
      .expect(200);
    const { body } = await gateway.ask(caseId).expect(202);
    expect(await gateway.deliver(body.id)).toBe('received');
    await gateway.http().post(`/api/v1/consents/${recorded.id}/withdraw`).send({}).expect(200);
    const { elements } = preview.body as { elements?: unknown };
    const answers = {
      explained: elements ?? preview.body,
      transfer: (await get(`/api/v1/transfers/${body.id}`).expect(200)).body,
      report: (await get(`/api/v1/persons/${personId}/disclosures?lang=fr`).expect(200)).body,
      register: (await get('/api/v1/processing-register', 'dpo').expect(200)).body,
      // Its examples and the words of its schemas are English.
      api: Object.values(buildOpenApi(ROUTES, 'fr', '/').paths).flatMap((methods) =>
        Object.values(methods).map(({ summary, description }) => [summary, description]),
      ),
    };
    for (const [name, answer] of Object.entries(answers)) expect(broken(answer), name).toEqual([]);
    for (const name of ['explained', 'register', 'api'] as const) expect(kept(answers[name]), name).not.toEqual([]);
  });

  it('but a table to be searched and sorted has plain spaces', async () => {
    const { text } = await get('/api/v1/processing-register.csv', 'dpo').expect(200);
    expect(text).toContain(' ; TLS ; ');
    expect(text).not.toContain('\u00a0');
  });
});
