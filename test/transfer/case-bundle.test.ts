import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { syntheticCase } from '../../src/domain/case/synthetic.js';
import { isSame } from '../../src/domain/mapping/residue/compare.js';
import { newId, type CaseId, type OrganizationId } from '../../src/kernel/ids.js';
import { readJson, writeJson, type JsonObject, type JsonValue } from '../../src/kernel/json.js';
import { createPairwiseIds } from '../../src/kernel/pairwise.js';
import { getCaseBundle } from '../../src/transfer/get-case-bundle.js';
import type { Principal } from '../../src/transfer/principal.js';
import { putCase } from '../../src/transfer/put-case.js';
import { putCaseBundle } from '../../src/transfer/put-case-bundle.js';
import { caseBundleExample } from '../../src/http/schemas/case-bundle-example.js';
import { caseExample } from '../../src/http/schemas/case-example.js';
import { loadPack } from '../mappings/pack.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { seed } from '../support/fixtures.js';
import { shippedRules } from '../support/label-rules.js';

type Plain = Record<string, unknown>;
let database: TestDatabase;
let home: Principal;
let elsewhere: Principal;
let deps: Parameters<typeof putCaseBundle>[0];
beforeAll(async () => {
  database = await createTestDatabase();
  const { sender, recipient } = await seed(database);
  [home, elsewhere] = [sender.organizationId, recipient.organizationId].map(of) as [Principal, Principal];
  const pairwiseId = createPairwiseIds(createHash('sha256').update('test').digest());
  const mapping = {
    compiled: await loadPack('case'),
    labelRules: shippedRules,
    pairwiseId,
    publicUrl: 'https://relais.test',
  };
  deps = { store: database.store, mapping };
}, 60_000);
afterAll(() => database.drop());

const of = (organizationId: OrganizationId): Principal => ({
  actor: { type: 'partner', id: 'test', organizationId },
  organizationId,
  via: 'access-token',
  scopes: new Set(),
  roles: new Set(),
});

let caseId: CaseId;
beforeEach(() => {
  caseId = `case-${newId<string>().slice(0, 8)}` as CaseId;
});
const wire = <T>(value: T): T => readJson(writeJson(value as unknown as JsonValue)) as unknown as T;
const record = (n: number): Plain => wire(syntheticCase(n));
const putRecord = (value: Plain) => putCase(deps, home, caseId, wire(value) as unknown as JsonValue, 'request');
const put = (bundle: unknown) => putCaseBundle(deps, home, caseId, wire(bundle) as JsonObject, 'request');
const get = async () => (await getCaseBundle(deps, home, caseId, 'request')) as unknown as Plain;
const stored = async () =>
  database.store.asOrganization(
    home.organizationId,
    async (tx) => readJson((await tx.loadCase(caseId))!.content) as unknown as Plain,
  );
const resources = (bundle: Plain, type: string): Plain[] =>
  (bundle['entry'] as { resource: Plain }[])
    .map(({ resource }) => resource)
    .filter((one) => one['resourceType'] === type);

/** The bundle of a synthetic case, as its own agency sees it. */
async function bundleOf(n: number): Promise<Plain> {
  await putRecord(record(n));
  return get();
}

describe('a case that is put as a bundle', () => {
  it('is read back as the bundle that came, whatever no rule covers included', async () => {
    const bundle = await bundleOf(5);
    Object.assign(bundle, { type: 'searchset', total: 1, id: 'own', meta: { tag: [{ code: 'theirs' }] } });
    (bundle['entry'] as unknown[]).reverse();
    const [patient] = resources(bundle, 'Patient');
    Object.assign(patient!, {
      photo: [{ title: 'portrait' }],
      contained: [{ resourceType: 'Organization', id: 'gp', name: 'Surgery' }],
      generalPractitioner: [{ reference: '#gp' }],
      _gender: { extension: [{ url: 'urn:x', valueString: 'said so' }] },
    });
    (patient!['identifier'] as unknown[]).unshift({ system: 'urn:other', value: '0.10' });
    (bundle['entry'] as unknown[]).push({
      resource: { resourceType: 'Condition', id: 'd', code: { text: 'diabetes' }, subject: { display: 'her' } },
    });
    const answer = await put(bundle);
    expect(answer).toMatchObject({ caseId, version: 2, changed: true, conflicts: [] });
    expect(answer.taken).toBe((bundle['entry'] as unknown[]).length - 1);
    expect(answer.kept.elements).toBe(answer.kept.places.length);
    expect(answer.kept.places).toContainEqual({ map: 'case/person', path: 'photo', reason: 'foreign' });
    expect(JSON.stringify(answer)).not.toMatch(/portrait|Surgery|said so|diabetes/);
    expect(isSame(await get(), bundle)).toBe(true);
    expect(await put(bundle)).toMatchObject({ version: 2, changed: false });
  });

  it('is a new version when only what is kept aside changed, and a plain case again when it is put as one', async () => {
    const bundle = await bundleOf(6);
    resources(bundle, 'Patient')[0]!['photo'] = [{ title: 'one' }];
    expect((await put(bundle)).version).toBe(2);
    resources(bundle, 'Patient')[0]!['photo'] = [{ title: 'two' }];
    expect((await put(bundle)).version).toBe(3);
    expect(resources(await get(), 'Patient')[0]).toMatchObject({ photo: [{ title: 'two' }] });
    expect(await putRecord(record(6))).toMatchObject({ version: 4, changed: true });
    expect(resources(await get(), 'Patient')[0]).not.toHaveProperty('photo');
  });

  it('keeps what FHIR cannot say: marks, working notes, empty lists', async () => {
    const [need, ...needs] = record(7)['needs'] as Plain[];
    const person = {
      ...(record(7)['person'] as Plain),
      about: { birthDate: { source: 'declared', doNotShare: true } },
    };
    const notes = [{ id: 'n1', text: 'for myself' }];
    const before = {
      ...record(7),
      person,
      needs: [{ ...need, about: { '*': { source: 'observed', contested: true } } }, ...needs],
      workingNotes: notes,
      documents: [],
    };
    await putRecord(before);
    const bundle = await get();
    expect(JSON.stringify(bundle)).not.toMatch(/for myself|doNotShare|contested/);
    resources(bundle, 'Patient')[0]!['gender'] = 'unknown';
    await put(bundle);
    expect(await stored()).toEqual({ ...before, person: { ...person, sex: 'unknown' } });
  });

  it('takes no mark over from a case that was another person’s', async () => {
    await putRecord({ ...caseExample, workingNotes: [{ id: 'n1', text: 'for myself' }] });
    const bundle = await get();
    const identifier = (resources(bundle, 'Patient')[0]!['identifier'] as Plain[])[0]!;
    identifier['value'] = 'somebody-else';
    await put(bundle);
    expect(await stored()).not.toHaveProperty('workingNotes');
  });

  it('tells where two elements contradict each other, and keeps both', async () => {
    const bundle = await bundleOf(8);
    const condition = resources(bundle, 'Condition').find(({ meta }) => JSON.stringify(meta).includes('/need'))!;
    const { coding } = condition['clinicalStatus'] as { coding: Plain[] };
    coding.find(({ system }) => String(system).endsWith('/need-status'))!['code'] = 'met';
    coding.find(({ system }) => String(system).endsWith('/condition-clinical'))!['code'] = 'active';
    const { conflicts } = await put(bundle);
    expect(conflicts).toContainEqual({ map: 'case/need', path: 'needs[].status' });
    expect(isSame(await get(), bundle)).toBe(true);
  });

  it('is not for another organization, and is gone with its person', async () => {
    const bundle = await bundleOf(9);
    const { personId } = await put({ ...bundle, id: 'kept' });
    await expect(getCaseBundle(deps, elsewhere, caseId, 'request')).rejects.toMatchObject({ status: 404 });
    await database.store.asOrganization(home.organizationId, (tx) => tx.erasePerson(personId));
    await expect(get()).rejects.toMatchObject({ status: 404 });
  });

  it('is audited with its version, nothing of what it says', async () => {
    await bundleOf(10);
    const rows = await database.query<{ entry: { action: string; codes: object } }>(
      `select entry from audit_entry order by at desc limit 1`,
    );
    expect(rows[0]!.entry).toMatchObject({ action: 'case.read', codes: { version: 1, form: 'fhir-r4' } });
  });
});

describe('a bundle is refused as a whole', () => {
  const nested = (levels: number): object =>
    levels === 0 ? { url: 'urn:x', valueCode: 'x' } : { url: 'urn:x', extension: [nested(levels - 1)] };

  it.each<[string, (bundle: Plain) => unknown, string, string?]>([
    [
      'two persons',
      ({ entry, ...rest }) => ({
        ...rest,
        entry: [...(entry as object[]), { resource: { resourceType: 'Patient', id: 'x' } }],
      }),
      'mapping.several-persons',
    ],
    [
      'a resource of another person',
      (bundle) => {
        resources(bundle, 'Condition')[0]!['subject'] = { reference: 'Patient/another' };
        return bundle;
      },
      'mapping.several-persons',
    ],
    ['no bundle', () => ({ resourceType: 'Patient' }), 'mapping.no-bundle'],
    [
      '10,000 entries',
      (bundle) => ({
        ...bundle,
        entry: Array.from({ length: 10_000 }, () => ({ resource: { resourceType: 'Basic' } })),
      }),
      'mapping.too-large',
    ],
    ['50 levels', (bundle) => ({ ...bundle, meta: { extension: [nested(27)] } }), 'mapping.too-deep'],
    [
      'an element that R4 has not',
      (bundle) => {
        resources(bundle, 'Patient')[0]!['nickname'] = 'x';
        return bundle;
      },
      'case.fhir-invalid',
      'fhir.unknown-element',
    ],
    [
      'no person',
      ({ entry, ...rest }) => ({ ...rest, entry: (entry as object[]).slice(1) }),
      'case.invalid',
      'case.identity-minimum',
    ],
  ])('for %s: places and rules, soon', async (_, change, code, rule) => {
    const bundle = wire(change(await bundleOf(11)));
    const start = performance.now();
    const error = await put(bundle).catch((failure: unknown) => failure);
    expect(performance.now() - start).toBeLessThan(500);
    expect(error).toMatchObject({ code, status: 422 });
    if (rule !== undefined)
      expect((error as { violations: object[] }).violations).toContainEqual(expect.objectContaining({ rule }));
    expect(await stored()).toEqual(record(11));
  });
});

it('the bundle of the documentation is valid R4 and a valid case, and comes back', async () => {
  const bundle = wire(caseBundleExample) as Plain;
  const system = `https://relais.test/organizations/${home.organizationId}/person`;
  (resources(bundle, 'Patient')[0]!['identifier'] as Plain[])[0]!['system'] = system;
  expect(await put(bundle)).toMatchObject({ version: 1, taken: 1 });
  expect(await get()).toEqual(bundle);
});
