import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { dumpDatabase } from '../support/dump-database.js';
import { consentFor, openGateway, type TestGateway } from '../support/open-gateway.js';
import { leaksInto } from '../support/leaks.js';

let gateway: TestGateway;
let toitCommun: string;
let tilleuls: string;
beforeAll(async () => {
  gateway = await openGateway();
  toitCommun = gateway.recipient.organizationId;
  tilleuls = gateway.other.organizationId;
}, 60_000);
afterAll(() => gateway.close());

type Options = NonNullable<Parameters<typeof consentFor>[2]>;
const post = (personId: string, options: Options = {}, recipient = toitCommun) =>
  gateway
    .http()
    .post('/fhir/Consent')
    .send(consentFor(personId, recipient, options));
const record = async (personId: string, options: Options = {}, recipient = toitCommun): Promise<string> => {
  const answer = await post(personId, options, recipient);
  expect(answer.status, answer.text).toBe(201);
  return answer.body.id as string;
};
/** `queued`, or the code and stop of the refusal. */
const asked = async (caseId: string, more = {}): Promise<string> => {
  const answer = await gateway.ask(caseId, more);
  return answer.status === 202 ? 'queued' : (answer.body.reasons[0].code as string);
};

describe('a later permission about the same recipient and purpose', () => {
  it('is a 409 that names what it would replace, and nothing is recorded', async () => {
    const { personId } = await gateway.putCase();
    const earlier = await record(personId, { type: 'deny' });
    const answer = await post(personId);
    expect(answer.status).toBe(409);
    expect(answer.body.issue).toEqual([
      expect.objectContaining({ code: 'conflict', diagnostics: `Consent/${earlier}` }),
    ]);
    expect(answer.body.issue[0].details.coding[0].code).toBe('consent.unconfirmed');
    const { body } = await gateway.http().get(`/fhir/Consent?patient=${personId}`);
    expect(body.total).toBe(1);
  });

  it('replaces it once that was confirmed, and is what decides', async () => {
    const { caseId, personId } = await gateway.putCase();
    const earlier = await record(personId, { type: 'deny' });
    expect(await asked(caseId)).toBe('deny.consent-refused');
    const later = await record(personId, { supersedes: [earlier] });
    expect(await asked(caseId)).toBe('queued');
    const shown = await gateway.http().get(`/api/v1/consents/${earlier}`).expect(200);
    expect(shown.body).toMatchObject({ state: 'superseded', supersededBy: [later] });
  });

  it('that is narrower and confirmed takes away what only the earlier one permitted', async () => {
    const { caseId, personId } = await gateway.putCase();
    const earlier = await record(personId, { labels: ['identity', 'contact', 'housing'] });
    const narrower = await record(personId, { labels: ['identity', 'housing'], supersedes: [earlier] });
    const { body } = await gateway.ask(caseId);
    expect(body.categories).toEqual(['identity', 'housing']);
    expect(body.ground.consents).toEqual([{ id: narrower, version: 1 }]);
  });

  it('by somebody else, for another purpose, or for another recipient stands beside it', async () => {
    const { personId } = await gateway.putCase();
    await record(personId);
    await record(personId, { performer: [{ reference: 'RelatedPerson/r' }] });
    await record(personId, { purpose: 'COC' });
    await record(personId, {}, tilleuls);
  });

  it('cannot name another’s decision, nor one that speaks of more', async () => {
    const { personId } = await gateway.putCase();
    const stranger = (await gateway.putCase()).personId;
    const theirs = await record(stranger);
    const wide = await record(personId, {
      type: 'deny',
      provision: { type: 'deny', purpose: consentPurposes() },
    });
    for (const id of [theirs, wide]) {
      const answer = await post(personId, { supersedes: [id] });
      expect(answer.status).toBe(422);
      expect(answer.body.issue[0]).toMatchObject({ diagnostics: `Consent/${id}` });
    }
  });
});

function consentPurposes(): unknown {
  return (consentFor('x', 'y')['provision'] as { purpose: unknown }).purpose;
}

describe('the same consent sent again, because its answer was lost', () => {
  it('is the one that is there, so that one withdrawal withdraws it', async () => {
    const { caseId, personId } = await gateway.putCase();
    const consent = consentFor(personId, toitCommun);
    const send = () => gateway.http().post('/fhir/Consent').send(consent);
    const first = await send();
    const again = await send();
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body).toEqual(first.body);
    expect((await gateway.http().get(`/fhir/Consent?patient=${personId}`)).body.total).toBe(1);
    expect(await asked(caseId)).toBe('queued');
    await gateway.http().post(`/api/v1/consents/${first.body.id}/withdraw`).expect(200);
    expect(await asked(caseId)).not.toBe('queued');
    // One that comes late revives nothing.
    expect((await send()).body).toMatchObject({ id: first.body.id, status: 'inactive' });
    expect(await asked(caseId)).not.toBe('queued');
  });
});

describe('a refusal', () => {
  it('is recorded at once beside a permission, wins, and is in the log as one', async () => {
    const { caseId, personId } = await gateway.putCase();
    await record(personId);
    const refusal = await record(personId, { type: 'deny' });
    expect(await asked(caseId)).toBe('deny.consent-refused');
    const log = await gateway.store.asOrganization(gateway.sender.organizationId, (tx) =>
      tx.listAudit({ action: 'consent.refused', limit: 50 }),
    );
    expect(log.map(({ consentId }) => consentId)).toContain(refusal);
  });
});

describe('another version of a decision', () => {
  it('is taken by who took it; anybody may be who withdraws it', async () => {
    const { personId } = await gateway.putCase();
    const id = await record(personId);
    const put = (options: Options) =>
      gateway
        .http()
        .put(`/fhir/Consent/${id}`)
        .send(consentFor(personId, toitCommun, options));
    const byOther = await put({ performer: [{ reference: 'RelatedPerson/r' }] });
    expect(byOther.status).toBe(422);
    expect(byOther.body.issue[0].details.coding[0].code).toBe('consent.other-decision-maker');
    expect((await put({ labels: ['identity'] })).status).toBe(200);
    const withdrawn = await put({ status: 'inactive', performer: [{ reference: 'RelatedPerson/r' }] });
    expect(withdrawn.status).toBe(200);
  });
});

// ---------------------------------------------------------------- who decides

const HOLDERS = { parentalAuthority: { holders: [holder('p1'), holder('p2')] } };
function holder(id: string, more = {}): Record<string, unknown> {
  return { id, role: 'parent', exercise: 'joint', ...more };
}
const guardianship = (more = {}) => ({
  measures: [
    {
      id: 'm',
      kind: 'guardianship',
      status: 'active',
      scope: 'person',
      holderKind: 'relative',
      holderName: 'X',
      instrument: 'court-order',
      startDate: '2024-01-01',
      ...more,
    },
  ],
});
const system = 'https://relais.example/fhir';
const byHolder = (value: string) => ({ identifier: { system: `${system}/parental-authority-holder`, value } });
const byMeasure = { identifier: { system: `${system}/representation-measure`, value: 'm' } };
const said = (by: unknown, answer: string) => ({
  url: 'answer',
  extension: [
    { url: 'by', valueReference: by },
    { url: 'answer', valueCode: answer },
  ],
});
const code = (url: string, valueCode: string) => ({ url, valueCode });
const FR = code('jurisdiction', 'FR');
const QC = code('jurisdiction', 'CA-QC');
const AGREES = code('person-view', 'agrees');
const UNABLE = code('capacity', 'unable');

/** Born so many years ago, on the first of January. */
const aged = (years: number): string => `${new Date().getUTCFullYear() - years}-01-01`;

interface World {
  birthDate?: string | null;
  representation?: Record<string, unknown>;
}
const own = 'own';

describe('who decided', () => {
  test.each<[string, World, Options | typeof own, string]>([
    ['an adult, for themselves', {}, own, 'queued'],
    ['an adult of whom only the year is known', { birthDate: '1958' }, own, 'queued'],
    ['somebody whose age is not known', { birthDate: null }, own, 'deny.decision-maker age-unknown'],
    [
      'somebody whose age is not known, whom the recorder saw to be of age',
      { birthDate: null },
      { decision: [FR, { url: 'of-age', valueBoolean: true }] },
      'queued',
    ],
    [
      'their spouse',
      {},
      { performer: [{ reference: 'RelatedPerson/spouse' }] },
      'deny.decision-maker not-theirs-to-give',
    ],
    ['a minor, in a place that nobody said', { birthDate: aged(15) }, own, 'deny.decision-maker jurisdiction-unknown'],
    ['a minor of 15 in Québec', { birthDate: aged(15) }, { decision: [QC] }, 'queued'],
    [
      'a minor of 15 in France, whose parents were not asked',
      { birthDate: aged(15), representation: HOLDERS },
      { decision: [FR] },
      'deny.decision-maker nobody-said-yes',
    ],
    [
      'one parent of a minor in France, for a usual matter',
      { birthDate: aged(6), representation: HOLDERS },
      { performer: [byHolder('p1')], decision: [FR, AGREES] },
      'queued',
    ],
    [
      'one parent, the child not having been heard',
      { birthDate: aged(6), representation: HOLDERS },
      { performer: [byHolder('p1')], decision: [FR] },
      'deny.decision-maker view-not-sought',
    ],
    [
      'one parent of two, for health',
      { birthDate: aged(6), representation: HOLDERS },
      { performer: [byHolder('p1')], decision: [FR, AGREES], labels: ['identity', 'health'] },
      'deny.decision-maker nobody-said-yes',
    ],
    [
      'parents who disagree',
      { birthDate: aged(6), representation: HOLDERS },
      {
        performer: [byHolder('p1'), byHolder('p2')],
        decision: [FR, AGREES, said(byHolder('p1'), 'yes'), said(byHolder('p2'), 'no')],
      },
      'deny.decision-maker deciders-disagree',
    ],
    [
      'a parent whose authority is restricted',
      {
        birthDate: aged(6),
        representation: {
          parentalAuthority: { holders: [holder('p1', { restrictions: ['no-contact'] }), holder('p2')] },
        },
      },
      { performer: [byHolder('p2')], decision: [FR, AGREES] },
      'deny.decision-maker authority-restricted',
    ],
    [
      'a parent of somebody who has come of age since',
      { birthDate: aged(19), representation: HOLDERS },
      { performer: [byHolder('p1')], decision: [FR, AGREES] },
      'deny.decision-maker lapsed-at-majority',
    ],
    [
      'a guardian of the person who was found unable',
      { representation: guardianship() },
      { performer: [byMeasure], decision: [FR, UNABLE, AGREES] },
      'queued',
    ],
    [
      'a guardian, although nobody found the person unable',
      { representation: guardianship() },
      { performer: [byMeasure], decision: [FR, AGREES] },
      'deny.decision-maker capacity-unknown',
    ],
    [
      'a guardian of property alone',
      { representation: guardianship({ scope: 'property' }) },
      { performer: [byMeasure], decision: [FR, AGREES] },
      'deny.decision-maker property-only',
    ],
    [
      'a curator, who assists',
      { representation: guardianship({ kind: 'curatorship' }) },
      { performer: [byMeasure], decision: [FR, AGREES] },
      'deny.decision-maker assistance-never-replaces',
    ],
    [
      'a guardian, while the person objects',
      { representation: guardianship() },
      { performer: [byMeasure], decision: [FR, UNABLE, code('person-view', 'objects')] },
      'deny.person-objects',
    ],
    [
      'nobody that can be told from what was written',
      {},
      { decision: [code('person-view', 'shrugs')] },
      'deny.consent-unreadable',
    ],
  ])('%s', async (_, { birthDate = '1992-05-17', representation }, options, expected) => {
    const { caseId, personId } = await gateway.putCase((file) => {
      const person = file['person'] as Record<string, unknown>;
      delete person['birthDatePrecision'];
      delete person['about'];
      if (birthDate === null) delete person['birthDate'];
      else person['birthDate'] = birthDate;
      delete file['representation'];
      if (representation !== undefined) file['representation'] = representation;
    });
    await record(personId, options === own ? {} : options);
    const answer = await gateway.ask(caseId);
    const [reason, stop] = expected.split(' ');
    if (reason === 'queued') {
      expect(answer.text).toContain('"status":"queued"');
      return;
    }
    expect(answer.status).toBe(403);
    expect(answer.body.reasons[0].code).toBe(reason);
    const stored = await gateway.database.query<{ stop: string | null }>(
      `select reasons -> 0 -> 'parameters' ->> 'stop' as stop from transfer where case_id = $1`,
      [caseId],
    );
    expect(stored[0]?.stop ?? undefined).toBe(stop);
    // In words, of the stop itself, and in both languages.
    expect(answer.body.reasons[0].text).toMatch(/^[A-Z].{20,}\.$/);
    expect(answer.body.reasons[0].text).not.toContain('{');
  });

  it('is not in the database in clear, nor is what the case says of it', async () => {
    const { personId } = await gateway.putCase((file) => {
      (file['person'] as Record<string, unknown>)['birthDate'] = '2011-11-23';
      file['representation'] = { parentalAuthority: { holders: [holder('Quetzalcoatl-holder')] } };
    });
    await record(personId, {
      performer: [byHolder('Quetzalcoatl-holder')],
      decision: [FR, AGREES],
    });
    const dump = await dumpDatabase(gateway.database.url);
    expect(leaksInto(dump, ['Quetzalcoatl-holder', '2011-11-23'])).toEqual([]);
  });
});

describe('an objection of the person while a transfer waits', () => {
  it('sends it back to its author: a human is called, and nothing leaves', async () => {
    const { caseId, personId } = await gateway.putCase();
    const id = await record(personId);
    const { body } = await gateway.ask(caseId);
    await gateway
      .http()
      .put(`/fhir/Consent/${id}`)
      .send(consentFor(personId, toitCommun, { decision: [code('person-view', 'objects')] }))
      .expect(200);
    expect(await gateway.deliver(body.id)).toBe('needs-review');
    expect(gateway.door.sent.filter(({ idempotencyKey }) => idempotencyKey === body.id)).toEqual([]);
    const seen = await gateway.http().get(`/api/v1/transfers/${body.id}`).set('Accept-Language', 'fr');
    expect(seen.body.status).toBe('needs-review');
    expect(seen.body.timeline.at(-1).reasons[0].text).toMatch(/^La personne s’oppose/);
  });
});

describe('a transfer asked for under a decision that was replaced since', () => {
  it('is stopped when the later decision is withdrawn', async () => {
    const { caseId, personId } = await gateway.putCase();
    const earlier = await record(personId);
    const { body } = await gateway.ask(caseId);
    const later = await record(personId, { supersedes: [earlier] });
    const withdrawn = await gateway.http().post(`/api/v1/consents/${later}/withdraw`).expect(200);
    expect(withdrawn.body.stopped).toEqual([body.id]);
    expect(await gateway.deliver(body.id)).toBe('not-ours');
  });
});

describe('evidence of a decision', () => {
  const PICTURE = Buffer.from('Quetzalcoatl-picture of a signed page').toString('base64');

  it('is kept encrypted, with who recorded it, form, witness and copy', async () => {
    const { personId } = await gateway.putCase();
    const id = await record(personId);
    const send = (body: object) => gateway.http().post(`/api/v1/consents/${id}/evidence`).send(body);
    await send({
      kind: 'photo',
      copyGiven: true,
      formVersion: 'Form 3 of 2026',
      attachment: { contentType: 'image/jpeg', data: PICTURE },
    }).expect(201);
    await send({ kind: 'verbal', copyGiven: false, witness: 'Quetzalcoatl-witness' }).expect(201);
    await send({ kind: 'electronic', copyGiven: true, formVersion: 'Form 4' }).expect(201);
    const { body } = await gateway.http().get(`/api/v1/consents/${id}`).expect(200);
    expect(body.evidence).toMatchObject([
      {
        kind: 'photo',
        copyGiven: true,
        formVersion: 'Form 3 of 2026',
        attachment: { data: PICTURE },
        consentVersion: 1,
      },
      { kind: 'verbal', copyGiven: false, witness: 'Quetzalcoatl-witness' },
      { kind: 'electronic' },
    ]);
    expect(body.evidence[0].recordedBy).toEqual({ type: 'partner', id: expect.any(String) });
    const dump = await dumpDatabase(gateway.database.url);
    expect(leaksInto(dump, ['Quetzalcoatl-witness', 'Quetzalcoatl-picture'])).toEqual([]);
  });

  test.each([
    ['a spoken decision without a witness', { kind: 'verbal', copyGiven: true }, 'witness'],
    ['a photo without its picture', { kind: 'photo', copyGiven: true, formVersion: 'F' }, 'attachment'],
    ['a form without its version', { kind: 'written', copyGiven: true }, 'formVersion'],
  ])('%s is not enough', async (_, body, place) => {
    const { personId } = await gateway.putCase();
    const id = await record(personId);
    const answer = await gateway.http().post(`/api/v1/consents/${id}/evidence`).send(body).expect(422);
    expect(answer.body.violations[0].path).toBe(`/${place}`);
  });

  it('of another organization’s consent is nobody’s', async () => {
    const { personId } = await gateway.putCase();
    const id = await record(personId);
    const body = { kind: 'written', copyGiven: true, formVersion: 'F' };
    await gateway.http('recipient').post(`/api/v1/consents/${id}/evidence`).send(body).expect(404);
    await gateway.http('recipient').get(`/api/v1/consents/${id}`).expect(404);
  });
});
