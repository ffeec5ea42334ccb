// What the pages are looked at with: transfers at every turn of theirs, and what waits for the people who watch over them.
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { consentResource } from '../../dist/demo/consents.js';
import { CCAS, CONSEIL_DETTES, TOIT_COMMUN } from '../../dist/demo/world.js';

const GRACE = 'VAL-2026-0417';

/**
 * Through the gateway's own doors as far as they lead there; what takes an hour of curiosity is written down at once.
 *
 * @param {import('./browser.mjs').OpenedConsole} console
 */
export async function seedPages(console) {
  const { personId } = await console.call('GET', `/api/v1/cases/${GRACE}`);
  for (const [recipient, purpose, labels] of [
    [TOIT_COMMUN, 'HOUSING', ['identity', 'contact', 'housing']],
    [CONSEIL_DETTES, 'DEBTADVICE', ['identity', 'contact', 'income']],
  ]) {
    const yes = consentResource({ type: 'permit', personId, recipient, purpose, labels });
    // Where the journey was played before, the person has said yes already.
    await console.call('POST', '/fhir/Consent', { body: yes }).catch((error) => {
      if (!error.message.includes('consent.unconfirmed')) throw error;
    });
  }
  const entryId = await writeNote();
  const late = { answerExpectedBy: new Date(Date.now() + 1_000).toISOString() };
  const [sent, asked, accepted, taken, guest] = await Promise.all([
    send(TOIT_COMMUN, 'HOUSING', late),
    send(TOIT_COMMUN, 'HOUSING'),
    send(TOIT_COMMUN, 'HOUSING'),
    send(TOIT_COMMUN, 'HOUSING'),
    send(CONSEIL_DETTES, 'DEBTADVICE'),
  ]);
  const question = 'Pouvez-vous nous envoyer la dernière fiche de paie ? / May we have the latest payslip?';
  await report(asked, 'on-hold', question);
  await report(accepted, 'accepted');
  await report(taken, 'accepted');
  await takeOver(taken);
  await failOnce();
  await noteUnusual();
  const mail = await until(async () =>
    (await console.world.mailbox.mails()).find(({ subject }) => subject.includes(`(${guest.reference})`)),
  );
  const guestUrl = /https?:\/\/\S+/.exec(mail.text)[0];
  await askForCode(guestUrl);
  return {
    personId,
    entryId,
    sentId: sent.id,
    askedId: asked.id,
    acceptedId: accepted.id,
    takenId: taken.id,
    guestId: guest.id,
    guestUrl,
  };

  async function send(recipient, purpose, more = {}) {
    const made = await console.call('POST', '/api/v1/transfers', {
      body: { caseId: GRACE, recipientOrganizationId: recipient.id, purpose, ground: { kind: 'consent' }, ...more },
      headers: { 'idempotency-key': randomUUID() },
    });
    await reaches(made.id, 'delivered');
    return made;
  }

  /** By the caseworker, who may then correct it. */
  async function writeNote() {
    const id = randomUUID();
    const path = `/api/v1/cases/${GRACE}`;
    await actAs('Hélène Roy', async (ask) => {
      const { version } = await ask('get', path);
      const data = { date: '2026-02-09', text: 'Rappeler la mairie lundi matin.' };
      await ask('put', `${path}/working-notes/${id}`, { data, headers: { 'if-match': `W/"${version}"` } });
    });
    return id;
  }

  /** As somebody new, so that the next one of the same name is compared with them. */
  function takeOver({ id }) {
    return actAs('Karim Benali', (ask) =>
      ask('post', `/api/v1/transfers/${id}/take-over`, { data: { person: 'new' } }),
    );
  }

  /** What a member of staff does by a click, without the click. */
  async function actAs(name, act) {
    const { page, context } = await console.signIn(name);
    const { csrfToken } = await (await page.request.get(`${console.world.publicUrl}/me`)).json();
    await act(async (method, path, { data, headers = {} } = {}) => {
      const answer = await page.request[method](console.world.publicUrl + path, {
        ...(data !== undefined && { data }),
        headers: { ...headers, 'x-csrf-token': csrfToken, origin: console.world.publicUrl },
      });
      if (!answer.ok()) throw new Error(`${method} ${path}: ${answer.status()} ${await answer.text()}`);
      return answer.json();
    });
    await context.close();
  }

  /** The guest has lost its code. */
  async function askForCode(url) {
    const answer = await fetch(`${console.world.publicUrl}/access/ask`, {
      method: 'POST',
      body: new URLSearchParams({ token: url, code: '' }),
    });
    if (!answer.ok) throw new Error(`Code: ${answer.status}`);
  }

  /** By the recipient's own system. */
  async function report({ taskId }, status, reason) {
    const body = { taskId, status, ...(reason !== undefined && { reason }) };
    const answer = await console.world.partners.get(TOIT_COMMUN.id).control('/report', body);
    if (answer.status !== 200) throw new Error(`Task: ${answer.status}`);
  }

  /** A dead letter for the operator: the partner refuses one record as it is. */
  async function failOnce() {
    await console.world.partners.get(TOIT_COMMUN.id).control('/control', { fail: { times: 1, status: 422 } });
    const { id } = await console.call('POST', '/api/v1/transfers', {
      body: { caseId: GRACE, recipientOrganizationId: TOIT_COMMUN.id, purpose: 'HOUSING', ground: { kind: 'consent' } },
      headers: { 'idempotency-key': randomUUID() },
    });
    await reaches(id, 'failed');
  }

  /** Marc has looked at a hundred files within an hour, a partner's software has searched three hundred times. */
  async function noteUnusual() {
    const { context } = await console.signIn('Marc Diallo');
    await context.close();
    const database = new pg.Client({ connectionString: console.world.databaseUrl });
    await database.connect();
    await database.query(
      `insert into relais.unusual_access (organization_id, id, kind, actor_type, actor_id, most, refused, began_at)
       select $1::uuid, gen_random_uuid(), 'files', 'staff', s.id::text, 100, 37, now() - interval '20 minutes'
         from relais.staff s where s.display_name = 'Marc Diallo'
       union all
       select $1, gen_random_uuid(), 'searches', 'partner', p.id::text, 300, 1, now()
         from relais.partner p where p.organization_id = $1`,
      [CCAS.id],
    );
    await database.end();
  }

  async function reaches(id, wanted) {
    await until(async () => {
      const { status } = await console.call('GET', `/api/v1/transfers/${id}`);
      return status === wanted ? true : undefined;
    });
  }
}

async function until(find) {
  for (let round = 0; round < 300; round += 1) {
    const found = await find();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('It never came');
}
