import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunningProcess } from '../../src/demo/processes.js';
import { CCAS, CONSEIL_DETTES, LES_TILLEULS, TOIT_COMMUN } from '../../src/demo/world.js';
import { maskOf } from '../../src/domain/labels/labels.js';
import type { JsonValue } from '../../src/kernel/json.js';
import { writeJson } from '../../src/kernel/json.js';
import { runCli } from '../cli/run-cli.js';
import { canariesIn, createPlanter, DISGUISES, type PlantedCase } from '../support/canaries.js';
import type { TestDatabase } from '../support/database.js';
import { dumpDatabase, pgDump } from '../support/dump-database.js';
import { dumpRedis } from '../support/redis.js';
import { openValmont, type Answer, type Valmont } from '../support/story.js';
import { isThorough } from '../support/thorough.js';

// A hundred thousand words of people (a quarter of that in the pass that everybody runs), each another, lived through by a real gateway: put, imported, refused, shown, sent,
// failed, withdrawn. None may stand in a log, in the queue, in the audit, in the database or in what a caller is refused with.

const PER_CASE = 1_250;
const PUT = isThorough ? 72 : 10;
const IMPORTED = 10;
/** Of those that were put, the first. */
const DISCLOSED = 4;
const PERMITTED = ['identity', 'contact', 'household', 'housing', 'income'] as const;

const planter = createPlanter();
const sinks: Record<string, string> = {};
let valmont: Valmont;
let gateway: RunningProcess<unknown>;
let shown: { planted: PlantedCase; answer: Answer };

beforeAll(async () => {
  valmont = await openValmont();
  gateway = await valmont.world.startGateway();
  const errors: string[] = [];
  /** A call whose answer is kept when it is a refusal. */
  const call = async <T = Record<string, unknown>>(...args: Parameters<Valmont['agency']>): Promise<Answer<T>> => {
    const answer = await valmont.agency<T>(...args);
    if (answer.status >= 400) errors.push(JSON.stringify(answer));
    return answer;
  };
  const refused = async (...args: Parameters<Valmont['agency']>): Promise<void> => {
    const { status } = await call(...args);
    if (status < 400) throw new Error(`${args[0]} ${args[1]} was to be refused and is answered ${status}`);
  };

  const people: { caseId: string; personId: string; planted: PlantedCase }[] = [];
  for (let seed = 1; seed <= PUT; seed += 1) {
    const planted = planter.plantCase(seed, PER_CASE, seed <= DISCLOSED);
    const caseId = `CANARY-${seed}`;
    const answer = await call<{ personId: string }>('PUT', `/api/v1/cases/${caseId}`, text(planted));
    if (answer.status >= 300) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
    people.push({ caseId, personId: answer.body.personId, planted });
  }
  sinks['import'] = await importCases();

  // Refused and bad: names of members, values of wrong kinds, queries, headers, broken JSON, no consent, unreadable consent.
  const [first] = people as [(typeof people)[0]];
  const bad = (): Record<string, unknown> => ({ schemaVersion: 1, person: { id: 'x', anonymous: true } });
  await refused('PUT', '/api/v1/cases/bad-1', { ...bad(), person: { id: 'x', [planter.next()]: planter.dressed() } });
  await refused('PUT', '/api/v1/cases/bad-2', { ...bad(), [planter.next()]: planter.dressed() });
  await refused('PUT', '/api/v1/cases/bad-3', {
    ...bad(),
    needs: [{ id: 'n', category: planter.next(), status: 'active' }],
  });
  await refused('PUT', '/api/v1/cases/bad-4', {
    ...bad(),
    income: { currency: planter.next(), employer: [planter.dressed()] },
  });
  await refused('PUT', '/api/v1/cases/bad-5', `{"schemaVersion":1,"person":{"id":"${planter.next()}"`);
  await refused('PUT', '/api/v1/cases/bad-6', `{"${planter.next()}":1,"a":2,"a":"${planter.next()}"}`);
  await refused('GET', `/api/v1/cases/${planter.next()}`);
  await refused('GET', `/api/v1/transfers/${planter.next()}`);
  await refused('GET', `/api/v1/transfers?${planter.next()}=${encodeURIComponent(planter.dressed())}`);
  await refused('GET', `/${planter.next()}/${encodeURIComponent(planter.dressed())}`);
  await refused('POST', '/api/v1/persons/search', { names: planter.dressed(), [planter.next()]: 1 });
  await call('POST', '/api/v1/persons/search', { names: [{ family: planter.next(), given: [planter.next()] }] });
  await refused('POST', '/fhir/Consent', {
    resourceType: 'Consent',
    status: planter.next(),
    text: { div: planter.dressed() },
  });
  await refused('POST', '/api/v1/mappings/case/runs', { record: { ...bad(), [planter.next()]: planter.dressed() } });
  await call('POST', '/api/v1/mappings/case/runs', { record: JSON.parse(text(first.planted)) as unknown });
  await refused('POST', `/api/v1/persons/${first.personId}/contests`, {
    kind: planter.next(),
    words: planter.dressed(),
  });
  await refused(
    'POST',
    '/api/v1/transfers',
    { caseId: first.caseId, purpose: planter.next() },
    { 'idempotency-key': 'bad-1' },
  );

  // Previews and transfers, permitted and refused; a partner that refuses and one that is away; words of people on the way.
  const ask = (who: (typeof people)[0], recipient: { id: string }, purpose: string) => ({
    caseId: who.caseId,
    recipientOrganizationId: recipient.id,
    purpose,
    ground: { kind: 'consent' },
  });
  const send = (body: object, key: string) =>
    call<{ id: string }>('POST', '/api/v1/transfers', body, { 'idempotency-key': key });
  await valmont.behave(LES_TILLEULS, { fail: { times: 1, status: 422 } });
  await valmont.behave(CONSEIL_DETTES, { door: 'closed' });
  for (const [index, person] of people.slice(0, DISCLOSED).entries()) {
    valmont.personId = person.personId;
    await refused('POST', '/api/v1/transfers/preview', ask(person, TOIT_COMMUN, 'HOUSING'));
    await valmont.consent(TOIT_COMMUN, 'HOUSING', [...PERMITTED]);
    const answer = await call('POST', '/api/v1/transfers/preview', ask(person, TOIT_COMMUN, 'HOUSING'));
    if (answer.status !== 200) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
    if (index === 0) shown = { planted: person.planted, answer };
    const sent = await send(ask(person, TOIT_COMMUN, 'HOUSING'), `sent-${index}`);
    const { taskId } = await valmont.until(sent.body.id, ({ status }) => status === 'delivered');
    if (index === 0)
      await valmont.partner(TOIT_COMMUN).control('/report', { taskId, status: 'on-hold', reason: planter.dressed() });
    const contest = { kind: 'correction', transferId: sent.body.id, words: planter.dressed() };
    const { status } = await call('POST', `/api/v1/persons/${person.personId}/contests`, contest);
    if (status >= 300) throw new Error(`The correction is answered ${status}`);
    const declined = { recipientOrganizationId: CONSEIL_DETTES.id, purpose: 'DEBTADVICE', reason: 'other' };
    const said = await call('POST', `/api/v1/persons/${person.personId}/declined-shares`, {
      ...declined,
      words: planter.dressed(),
    });
    if (said.status >= 300) throw new Error(`Declining is answered ${said.status}`);
  }
  await valmont.consent(LES_TILLEULS, 'COC', ['identity', 'contact', 'health']);
  await send(ask(people[DISCLOSED - 1]!, LES_TILLEULS, 'COC'), 'failing');
  const debt = await valmont.consent(CONSEIL_DETTES, 'DEBTADVICE', ['identity', 'contact', 'income']);
  const away = await send(ask(people[DISCLOSED - 1]!, CONSEIL_DETTES, 'DEBTADVICE'), 'away');
  await valmont.until(away.body.id, ({ attempts }) => attempts >= 1);
  await call('POST', `/api/v1/consents/${debt}/withdraw`, { reason: planter.next() });
  await call('POST', `/api/v1/consents/${debt}/withdraw`);
  // One waits, so that the queue holds something.
  await valmont.consent(CONSEIL_DETTES, 'DEBTADVICE', ['identity', 'contact', 'income']);
  await send(ask(people[DISCLOSED - 1]!, CONSEIL_DETTES, 'DEBTADVICE'), 'waits');

  const dump = await dumpDatabase(valmont.world.databaseUrl);
  const { events } = await valmont.partner(CCAS).control<{ events: unknown[] }>('/events');
  Object.assign(sinks, {
    errors: errors.join('\n'),
    logs: gateway.stderr(),
    database: dump,
    queue: sectionsOf(dump, /queue|bullmq|outbox|job/i),
    audit: sectionsOf(dump, /audit/i),
    announcements: JSON.stringify(events),
  });
  const real = pgDump(valmont.world.databaseUrl);
  if (real !== null) sinks['pgDump'] = real;
  if (process.env['REDIS_URL']) sinks['redis'] = await dumpRedis(process.env['REDIS_URL']);
}, 180_000);
afterAll(() => valmont.close());

const text = ({ record }: PlantedCase): string => writeJson(record as unknown as JsonValue);

/** By the command line: good lines, lines that are no case, lines that are no JSON. */
async function importCases(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'relais-canaries-'));
  try {
    const file = join(folder, 'cases.ndjson');
    const lines = Array.from(
      { length: IMPORTED },
      (_, nth) => `{"id":"IMPORTED-${nth}","case":${text(planter.plantCase(10_000 + nth, PER_CASE))}}`,
    );
    const broken = [
      `{"id":"BROKEN","case":{"schemaVersion":1,"${planter.next()}":"${planter.next()}"}}`,
      `{"id":"${planter.next()} ?","case":{}}`,
      `{"${planter.next()}`,
    ];
    writeFileSync(file, [...lines, ...broken].join('\n'));
    const { store } = valmont.world;
    const run = await runCli(['import', 'cases', file], { store } as unknown as TestDatabase, CCAS.id);
    return `${run.code}\n${run.out}\n${run.err}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The tables of a dump whose names match. */
function sectionsOf(dump: string, name: RegExp): string {
  const parts = dump.split(/^(?=-- "[^"]+"\."[^"]+"$)/m);
  return parts.filter((part) => name.test(part.slice(0, part.indexOf('\n')))).join('');
}

test('the canaries were planted, and every sink holds something', () => {
  expect(planter.planted()).toBeGreaterThanOrEqual(isThorough ? 100_000 : 25_000);
  expect(sinks['logs']).toContain('"event":"');
  expect(sinks['import']).toContain(String(IMPORTED));
  expect(sinks['errors']!.split('\n').length).toBeGreaterThan(15);
  expect(sinks['database']).toContain('"relais"."transfer_content"');
  for (const [name, sink] of Object.entries(sinks)) expect(sink.length, name).toBeGreaterThan(100);
});

test('none appears in any sink, in any disguise', () => {
  const found = Object.fromEntries(Object.entries(sinks).map(([name, sink]) => [name, canariesIn(sink)]));
  const sizes = Object.fromEntries(Object.entries(sinks).map(([name, sink]) => [name, sink.length]));
  const total = Object.values(found).reduce((sum, hits) => sum + hits.length, 0);
  process.stdout.write(`${JSON.stringify({ canariesPlanted: planter.planted(), sinks: sizes, found: total })}\n`);
  for (const [name, hits] of Object.entries(found)) expect(hits.slice(0, 5), name).toEqual([]);
});

test('the bundle holds those that are permitted, as they were written, and no other; the account of it holds none', () => {
  const { bundle, ...account } = shown.answer.body as { bundle: unknown };
  expect(canariesIn(JSON.stringify(account))).toEqual([]);
  const allowed = maskOf(PERMITTED);
  const hits = new Set(canariesIn(JSON.stringify(bundle)));
  expect(hits.size).toBeGreaterThan(5);
  expect([...hits].filter((hit) => ((shown.planted.canaries.get(hit) ?? -1) & ~allowed) !== 0)).toEqual([]);
});

describe('the search finds what is there', () => {
  const planted = `é<b> "${createPlanter().next()}" & 'ça'`;

  test.each(Object.keys(DISGUISES))('in every sink, as %s', (name) => {
    for (const [sink, content] of Object.entries(sinks)) {
      const middle = Math.floor(content.length / 2);
      const spoiled = content.slice(0, middle) + DISGUISES[name]!(planted) + content.slice(middle);
      expect(canariesIn(spoiled), sink).toHaveLength(1);
    }
  });

  test('in the database itself, whatever the column is made of', async () => {
    const client = new pg.Client({ connectionString: valmont.world.databaseUrl });
    await client.connect();
    try {
      await client.query('create table relais.spoiled (kind text, words text, bytes bytea, tree jsonb, list text[])');
      for (const [kind, disguise] of Object.entries(DISGUISES)) {
        const words = disguise(planted);
        const row = [kind, words, Buffer.from(words), JSON.stringify({ [words]: words }), [words]];
        await client.query('insert into relais.spoiled values ($1, $2, $3, $4, $5)', row);
      }
      const found = sectionsOf(await dumpDatabase(valmont.world.databaseUrl), /spoiled/)
        .split('\n')
        .filter((line) => canariesIn(line).length >= 4);
      expect(found.length).toBeGreaterThanOrEqual(Object.keys(DISGUISES).length);
    } finally {
      await client.query('drop table if exists relais.spoiled');
      await client.end();
    }
  });
});
