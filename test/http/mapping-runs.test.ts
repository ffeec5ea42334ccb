import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadRunnable } from '../../src/adapters/mapping/load-runnable.js';
import type { Runnable } from '../../src/domain/mapping/run/runnable.js';
import { builtMappings } from '../mappings/pack.js';
import { api, CCAS, CSRF, partner, PUBLIC_URL, staffMember, startHttp } from '../support/http.js';

const grace = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../config/demo/cases/grace-okafor.json'), 'utf8'),
) as Record<string, unknown>;
const CASE = '/api/v1/mappings/case/runs';

describe('a run of a shipped mapping', () => {
  const loaded = new Map<string, Promise<Runnable>>();
  const mapping = (name: 'case' | 'hmis'): Promise<Runnable> => {
    const value = loaded.get(name) ?? builtMappings().then((folder) => loadRunnable(folder, name));
    loaded.set(name, value);
    return value;
  };
  beforeAll(() => builtMappings(), 60_000);

  it('answers with FHIR, the origin of each element and what is lost', async () => {
    const { server, log } = startHttp({ mapping });
    const { body } = await api(server, 'partner').post(CASE).send({ record: grace }).expect(200);
    expect(body).toMatchObject({ mapping: 'case', version: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(body.bundle.entry.length).toBe(body.trace.length);
    const need = body.trace.find(({ map }: { map: string }) => map === 'case/need');
    expect(need.elements).toContainEqual(
      expect.objectContaining({
        path: 'Condition.recordedDate',
        sources: ['needs[0].identifiedOn'],
        file: 'mappings/case/need.map.yaml',
        line: expect.any(Number),
      }),
    );
    expect(body.loss).toContainEqual({ path: 'workingNotes[0].text', kind: 'never', reason: 'never' });
    expect(JSON.stringify(log)).not.toContain('Okafor');
  });

  it('makes other ids each time: they join with nothing', async () => {
    const { server } = startHttp({ mapping });
    const idOf = async (): Promise<unknown> =>
      (await api(server, 'partner').post(CASE).send({ record: grace }).expect(200)).body.bundle.entry[0].resource.id;
    expect(await idOf()).not.toBe(await idOf());
  });

  it('takes its own bundle back', async () => {
    const { server } = startHttp({ mapping });
    const { body: there } = await api(server, 'partner').post(CASE).send({ record: grace }).expect(200);
    const { body } = await api(server, 'partner')
      .post(CASE)
      .send({ direction: 'from-fhir', record: there.bundle })
      .expect(200);
    expect(body.record.needs).toEqual(grace['needs']);
    expect({ kept: body.kept, conflicts: body.conflicts }).toEqual({ kept: [], conflicts: [] });
    expect(there.bundle.entry[0].resource.identifier[0].system).toMatch(`${PUBLIC_URL}/organizations/${CCAS}`);
  });

  it('holds back what the given labels do not permit', async () => {
    const { server } = startHttp({ mapping });
    const { body } = await api(server, 'partner')
      .post(CASE)
      .send({ record: grace, permitted: ['identity'] })
      .expect(200);
    expect(JSON.stringify(body.bundle)).toContain('"Patient"');
    expect(JSON.stringify(body.bundle)).not.toMatch(/"(Condition|Encounter|Observation)"/);
    expect(body.loss).toContainEqual({ path: 'needs[0].category', kind: 'content', reason: 'not-permitted' });
  });

  it('runs HMIS tables, for staff of any role too', async () => {
    const { server } = startHttp({ mapping, principals: { helene: staffMember('operator') } });
    const record = { Client: [{ PersonalID: '7', FirstName: 'Ada', NameDataQuality: '1' }] };
    const { body } = await api(server)
      .post('/api/v1/mappings/hmis/runs')
      .set({ Cookie: 'relais-session=helene', 'X-CSRF-Token': CSRF })
      .send({ record })
      .expect(200);
    expect(body.bundle.entry[0].resource).toMatchObject({ resourceType: 'Patient', name: [{ given: ['Ada'] }] });
  });

  it('is for nobody who is not known', async () => {
    const { server } = startHttp({ mapping, principals: { bare: partner(CCAS, []) } });
    await api(server).post(CASE).send({ record: grace }).expect(401);
    await api(server, 'bare').post(CASE).send({ record: grace }).expect(200);
  });

  it('knows the shipped mappings alone', async () => {
    const { server } = startHttp({ mapping });
    for (const name of ['mine', 'CASE', 'constructor', '..%2Fcase'])
      await api(server, 'partner').post(`/api/v1/mappings/${name}/runs`).send({ record: grace }).expect(404);
  });

  it('takes no map text, whatever it is called', async () => {
    const { server } = startHttp({ mapping });
    for (const extra of [{ map: 'map: case/x' }, { maps: ['x'] }, { mapping: 'x' }, { fhir: {} }]) {
      const answer = await api(server, 'partner')
        .post(CASE)
        .send({ record: grace, ...extra })
        .expect(422);
      expect(answer.body.violations).toMatchObject([{ path: '', rule: 'schema.unrecognized-keys' }]);
    }
  });

  it.each([
    [
      'case',
      { record: { schemaVersion: 1, person: { id: 'p', sex: 'Quetzalcoatl' } } },
      'case.invalid',
      '/record/person/sex',
    ],
    ['hmis', { record: { Client: [{ PersonalID: 'p', Quetzalcoatl: 'x' }] } }, 'mapping.tables', '/record/Client/0'],
    ['hmis', { record: { Client: [{ PersonalID: 4 }] } }, 'mapping.tables', '/record/Client/0/PersonalID'],
    ['case', { record: { resourceType: 'Quetzalcoatl' }, direction: 'from-fhir' }, 'mapping.no-bundle', undefined],
    [
      'case',
      { record: { schemaVersion: 1, person: { id: 'p' } }, permitted: ['working-notes'] },
      'request.body-invalid',
      '/permitted/0',
    ],
  ])('says of %s where a mistake is and repeats nothing (%#)', async (name, body, code, path) => {
    const { server, log } = startHttp({ mapping });
    const answer = await api(server, 'partner').post(`/api/v1/mappings/${name}/runs`).send(body).expect(422);
    expect(answer.body.code).toBe(code);
    if (path !== undefined) expect(answer.body.violations[0].path).toBe(path);
    expect(answer.text + JSON.stringify(log)).not.toContain('Quetzalcoatl');
  });

  it('reads no more than 4 MB', async () => {
    const { server } = startHttp({ mapping });
    const record = { ...grace, filler: 'x'.repeat(4 * 1024 * 1024) };
    await api(server, 'partner').post(CASE).send({ record }).expect(413);
  });
});
