// A database of its own with as many consents as asked for, written by COPY through the real indexes and foreign keys:
// five consents to a person, and one person, the probe, with fifty, whose case is the one that is decided about.
import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

export const SENDER = '00000000-0000-4000-8000-00000000000a';
export const RECIPIENT = '00000000-0000-4000-8000-00000000000b';
export const CONSENTS_PER_PERSON = 5;
export const PROBE_CONSENTS = 50;
export const AGREEMENTS = 20;
const OTHERS = 8;
const VALID = { from: '2026-01-01T00:00:00Z', until: '2099-01-01T00:00:00Z' };
const ACTOR = { kind: 'system', id: 'seed' };

/** A UUID of a kind and a number: the same in every database. */
export function uuidOf(kind, number) {
  const hex = createHash('sha256').update(`${kind}/${number}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
export const personOf = (number) => uuidOf('person', number);
export const caseOf = (number) => `case-${number}`;

/** @returns how many persons there are, the probe (number 0) included */
export async function seed(url, consents, keyring, seal) {
  const client = new pg.Client({ connectionString: url, options: '-c search_path=relais' });
  await client.connect();
  try {
    await organizations(client);
    await agreements(client);
    const persons = 1 + Math.ceil((consents - PROBE_CONSENTS) / CONSENTS_PER_PERSON);
    await copy(client, 'person (id, organization_id, key_hash, wrapped_key)', personRows(persons, keyring));
    await copy(
      client,
      'case_version (organization_id, case_id, version, person_id, content, content_hash, deceased, actor, circumstances)',
      caseRows(persons, seal),
    );
    await copy(
      client,
      'consent_version (organization_id, consent_id, version, person_id, resource, terms, recipients, actor, decided)',
      consentRows(persons, seal),
    );
    await client.query('analyze');
    return persons;
  } finally {
    await client.end();
  }
}

async function organizations(client) {
  for (const id of [SENDER, RECIPIENT, ...Array.from({ length: OTHERS }, (_, n) => uuidOf('organization', n))]) {
    await client.query(
      `insert into organization (id, name, sector, function_en, function_fr, secrecy)
       values ($1, 'Service', 'social', 'service', 'service', 'professional-secrecy')`,
      [id],
    );
    await client.query(
      `insert into partner (id, organization_id, name, status, client_id, issuer, scopes)
       values ($1, $2, 'System', 'active', $3, 'https://issuer.example', '{}')`,
      [uuidOf('partner', id), id, id],
    );
  }
}

/** Twenty between the two organizations, for purposes by turns; twenty others between others. */
async function agreements(client) {
  const purposes = ['HOUSING', 'COC', 'TREAT', 'HOUSING'];
  for (let number = 0; number < 2 * AGREEMENTS; number += 1) {
    const ours = number < AGREEMENTS;
    const parties = ours
      ? [SENDER, RECIPIENT]
      : [uuidOf('organization', number % OTHERS), uuidOf('organization', (number + 1) % OTHERS)];
    const content = {
      id: uuidOf('agreement', number),
      version: 1,
      title: { en: 'Agreement', fr: 'Convention' },
      status: 'active',
      parties,
      purposes: [
        {
          purpose: purposes[number % purposes.length],
          senders: [parties[0]],
          recipients: [parties[1]],
          categories: ['identity', 'contact', 'household', 'housing', 'income', 'needs'].slice(0, 3 + (number % 4)),
          sensitivities: [],
          dataProtectionBasis: 'public-task',
          secrecyGrounds: ['consent'],
        },
      ],
      validFrom: VALID.from,
      validUntil: VALID.until,
      purgeAfterDays: 30,
    };
    await client.query('insert into agreement (id, version, in_force, parties) values ($1, 1, 1, $2)', [
      content.id,
      parties,
    ]);
    await client.query(
      'insert into agreement_version (agreement_id, version, parties, content, actor) values ($1, 1, $2, $3, $4)',
      [content.id, parties, content, ACTOR],
    );
  }
}

function* personRows(persons, keyring) {
  for (let number = 0; number < persons; number += 1) {
    const id = personOf(number);
    const wrapped = keyring.wrap(dataKeyOf(number), { table: 'person', row: id, version: 1 });
    yield [id, SENDER, bytea(createHash('sha256').update(id).digest()), bytea(wrapped)];
  }
}

/** Of no secret: the same in every database, so that what is sealed with it needs no table of its own here. */
const dataKeyOf = (number) => createHash('sha256').update(`data key ${number}`).digest();
/** As the gateway seals them: src/adapters/store/cases and consents. */
const CIRCUMSTANCES = JSON.stringify({ birthDate: '1991-05-17', measures: [] });
const decidedBy = (person) =>
  JSON.stringify({
    decisionMakers: [`Patient/${person}`],
    decision: {
      capacity: 'not-assessed',
      ofAge: false,
      expressed: { personView: 'agrees', answers: [{ by: { kind: 'person' }, answer: 'yes' }] },
    },
  });

function* caseRows(persons, seal) {
  for (let number = 0; number < persons; number += 1) {
    yield [
      SENDER,
      caseOf(number),
      1,
      personOf(number),
      bytea(randomBytes(64)),
      bytea(randomBytes(32)),
      'f',
      json(ACTOR),
      bytea(
        seal(dataKeyOf(number), CIRCUMSTANCES, {
          table: 'case_version',
          row: `${SENDER}/${caseOf(number)}`,
          version: '1/circumstances',
        }),
      ),
    ];
  }
}

function* consentRows(persons, seal) {
  let consent = 0;
  for (let number = 0; number < persons; number += 1) {
    for (let nth = 0; nth < (number === 0 ? PROBE_CONSENTS : CONSENTS_PER_PERSON); nth += 1) {
      const id = uuidOf('consent', (consent += 1));
      const recipients = [RECIPIENT, uuidOf('organization', nth % OTHERS)];
      const terms = {
        id,
        personId: personOf(number),
        status: 'active',
        decidedAt: VALID.from,
        rules: rulesOf(nth, recipients),
      };
      yield [
        SENDER,
        id,
        1,
        personOf(number),
        bytea(randomBytes(200)),
        json(terms),
        `{${recipients.join(',')}}`,
        json(ACTOR),
        bytea(
          seal(dataKeyOf(number), decidedBy(personOf(number)), {
            table: 'consent_version',
            row: `${SENDER}/${id}`,
            version: '1/decided',
          }),
        ),
      ];
    }
  }
}

/** By turns what permits, what permits with an exception, and what refuses something. */
function rulesOf(nth, recipients) {
  const labels = ['identity', 'contact', 'household', 'housing'];
  const rule = { type: 'permit', recipients, purposes: ['HOUSING'], labels, until: VALID.until };
  if (nth % 3 === 1) return [{ ...rule, exceptions: [{ type: 'deny', labels: ['contact'] }] }];
  if (nth % 7 === 5) return [{ ...rule, type: 'deny', labels: ['income'] }];
  return [rule];
}

const json = (value) => JSON.stringify(value);
const bytea = (bytes) => `\\x${bytes.toString('hex')}`;
/** The text format of COPY: https://www.postgresql.org/docs/current/sql-copy.html#SQL-COPY-FILE-FORMATS */
const line = (row) => `${row.map((value) => String(value).replaceAll('\\', '\\\\')).join('\t')}\n`;

async function copy(client, target, rows) {
  const chunks = function* () {
    let chunk = '';
    for (const row of rows) {
      chunk += line(row);
      if (chunk.length > 65_536) {
        yield chunk;
        chunk = '';
      }
    }
    yield chunk;
  };
  await pipeline(Readable.from(chunks()), client.query(copyFrom(`copy ${target} from stdin`)));
}
