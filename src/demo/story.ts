import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { labelText } from '../domain/labels/label-texts.js';
import type { DataLabel } from '../domain/labels/labels.js';
import { say, type Lang, type Text } from '../kernel/i18n.js';
import type { TransferId } from '../kernel/ids.js';
import type { DisclosureReport } from '../transfer/disclosure-report.js';
import type { Organization } from '../transfer/partner.js';
import type { Transfer } from '../transfer/transfer.js';
import { dayInWords } from '../transfer/present-reasons.js';
import { consentResource } from './consents.js';
import type { RemotePartner, World } from './start-world.js';
import { REFERRAL_TEXTS, TEXTS } from './texts.js';
import { CCAS, CONSEIL_DETTES, LES_TILLEULS, TOIT_COMMUN, VALMONT_HABITAT } from './world.js';

export interface StoryResult {
  readonly imported: number;
  readonly delivered: number;
  readonly refused: number;
  readonly stopped: number;
  readonly withheldElements: number;
  readonly receipts: number;
  readonly auditEntries: number;
  readonly auditVerified: boolean;
}

export interface Told extends StoryResult {
  readonly personId: string;
}

export interface StoryOptions {
  readonly world: World;
  readonly lang: Lang;
  readonly tell: (line: string) => void;
  /** Folder of the demo's data, `config/demo`. */
  readonly dataDir: string;
  /** Imports the small HMIS export as Toit Commun. */
  readonly importHmis: () => Promise<{ people: number; rows: number; findings: number; keptRows: number }>;
}

interface Answer<T> {
  readonly status: number;
  readonly body: T;
}
/** Of what `GET /api/v1/transfers/{id}` answers, what the story tells. */
interface TransferView {
  readonly id: string;
  readonly reference: string;
  readonly status: string;
  readonly categories: readonly DataLabel[];
  readonly withheldElements: number;
  readonly attempts: number;
  readonly taskId: string;
  readonly requestedAt: string;
  readonly deliveredAt: string | null;
  readonly reasons: readonly { readonly text: string }[];
  readonly timeline: readonly { readonly status: string; readonly reasons: readonly { readonly text: string }[] }[];
  readonly digest: string;
}
interface PreviewView {
  readonly digest: string;
  readonly sent: readonly unknown[];
  readonly withheld: readonly {
    readonly path: string;
    readonly labels: readonly DataLabel[];
    readonly reason: { readonly code: string; readonly en: string; readonly fr: string };
  }[];
}
interface Effects {
  readonly requests: number;
  readonly effects: readonly { readonly digest: string; readonly taskId: string; readonly deliveries: number }[];
}

const GRACE = 'VAL-2026-0417';
const PATIENCE_MS = 20_000;

/** Plays the story of Valmont: every act goes through a partner's own process and Relais' public API. */
export async function playStory({ world, lang, tell, dataDir, importHmis }: StoryOptions): Promise<Told> {
  const partner = ({ id }: Organization): RemotePartner => {
    const found = world.partners.get(id);
    if (found === undefined) throw new Error(`No system for ${id}`);
    return found;
  };
  const agency = partner(CCAS);
  const line = (text: Text, parameters: Record<string, string | number> = {}): void =>
    tell(say(text, lang, Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, String(value)]))));

  /** A request of the agency's software; anything but the expected status ends the story. */
  async function ask<T>(method: string, path: string, expected: number, body?: unknown, headers = {}): Promise<T> {
    const options = { ...(body !== undefined && { body }), headers: { 'accept-language': lang, ...headers } };
    const answer = await agency.control<Answer<T>>('/call', [method, path, options]);
    if (answer.status !== expected)
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }
  const request = (
    recipient: Organization,
    purpose: string,
    expected = 202,
    digest?: string,
  ): Promise<TransferView> => {
    const body = { ...transferBody(recipient, purpose), ...(digest !== undefined && { digest }) };
    return ask('POST', '/api/v1/transfers', expected, body, { 'idempotency-key': randomUUID() });
  };
  const look = (id: string): Promise<TransferView> => ask('GET', `/api/v1/transfers/${id}`, 200);
  /** Waits at the database: each look through the API is a reading in the log, and their number would be a matter of luck. */
  const reached = async (id: string, done: (transfer: Transfer) => boolean): Promise<TransferView> => {
    const until = Date.now() + PATIENCE_MS;
    for (;;) {
      const transfer = await world.store.asOrganization(CCAS.id, (tx) => tx.loadTransfer(id as TransferId));
      if (transfer !== null && done(transfer)) return look(id);
      if (Date.now() > until) throw new Error(`${transfer?.reference ?? id} is still ${transfer?.status ?? 'unknown'}`);
      await sleep(60);
    }
  };

  // 1 · The file
  line(TEXTS.chapterFile);
  const text = readFileSync(`${dataDir}/cases/grace-okafor.json`, 'utf8');
  const grace = await ask<{ personId: string }>('PUT', `/api/v1/cases/${GRACE}`, 201, text);
  const elder = readFileSync(`${dataDir}/cases/grace-okafor-elder.json`, 'utf8');
  await ask('PUT', '/api/v1/cases/VAL-2019-0033', 201, elder);
  line(TEXTS.caseStored, { size: Math.round(text.length / 1000) });
  const { candidates } = await ask<{ candidates: { birthDate: string | null }[] }>(
    'POST',
    '/api/v1/persons/search',
    200,
    {
      names: [{ family: 'Okafor', given: ['Grace'] }],
    },
  );
  const years = candidates.map(({ birthDate }) => birthDate?.slice(0, 4) ?? '?').sort();
  line(TEXTS.searched, { count: candidates.length, years: years.join(lang === 'fr' ? ' et ' : ' and ') });
  const hmis = await importHmis();
  line(TEXTS.imported, { people: hmis.people, rows: hmis.rows, findings: hmis.findings, kept: hmis.keptRows });

  // 2 · What Grace decides
  line(TEXTS.chapterConsent);
  const until = nextThirtiethOfJune();
  const record = (consent: Record<string, unknown>): Promise<{ id: string }> =>
    ask('POST', '/fhir/Consent', 201, consent);
  const common = { personId: grace.personId };
  await record(
    consentResource({
      ...common,
      type: 'permit',
      recipient: TOIT_COMMUN,
      purpose: 'HOUSING',
      labels: ['identity', 'contact', 'household', 'housing', 'income'],
      until,
    }),
  );
  line(TEXTS.consentHousing, { date: dayInWords(until, lang) });
  await record(
    consentResource({
      ...common,
      type: 'permit',
      recipient: LES_TILLEULS,
      purpose: 'COC',
      labels: ['identity', 'contact', 'health'],
    }),
  );
  line(TEXTS.consentHealth);
  const debt = await record(
    consentResource({
      ...common,
      type: 'permit',
      recipient: CONSEIL_DETTES,
      purpose: 'DEBTADVICE',
      labels: ['identity', 'contact', 'income'],
    }),
  );
  line(TEXTS.consentDebt);
  await record(consentResource({ ...common, type: 'deny', recipient: VALMONT_HABITAT, purpose: 'HOUSING' }));
  line(TEXTS.consentLandlord);

  // 3 · What leaves, what stays
  line(TEXTS.chapterSend);
  const sent: TransferView[] = [];
  const send = async (recipient: Organization, purpose: string): Promise<void> => {
    const shown = await ask<PreviewView>('POST', '/api/v1/transfers/preview', 200, transferBody(recipient, purpose));
    line(TEXTS.previewed, { recipient: recipient.name, sent: shown.sent.length, withheld: shown.withheld.length });
    for (const { reason } of examplesOf(shown.withheld)) tell(`   ${reason[lang]}`);
    const transfer = await request(recipient, purpose, 202, shown.digest);
    const stays = shown.withheld.flatMap(({ labels }) => labels);
    const resources = await resourcesOf(world, transfer.id);
    line(TEXTS.sent, {
      reference: transfer.reference,
      recipient: recipient.name,
      resources,
      withheld: transfer.withheldElements,
    });
    const names = [...new Set(stays)]
      .map((label) => say(labelText(label), lang))
      .sort((a, b) => a.localeCompare(b, lang));
    line(TEXTS.stays, { what: names.join(', ') });
    const delivered = await reached(transfer.id, ({ status }) => status === 'delivered');
    const arrived = (await partner(recipient).control<Effects>('/effects')).effects;
    if (!arrived.some(({ digest }) => digest === shown.digest)) throw new Error('What arrived is not what was shown');
    line(TEXTS.asShown, { digest: shown.digest.slice(0, 12) });
    sent.push(delivered);
    line(TEXTS.delivered, {
      reference: delivered.reference,
      recipient: recipient.name,
      ms: Date.parse(delivered.deliveredAt ?? '') - Date.parse(delivered.requestedAt),
      attempts: delivered.attempts,
    });
  };
  await send(TOIT_COMMUN, 'HOUSING');
  await partner(LES_TILLEULS).control('/control', { fail: { times: 2, status: 500 } });
  line(TEXTS.flaky);
  await send(LES_TILLEULS, 'COC');

  // 4 · Refused
  line(TEXTS.chapterRefused);
  const refusal = await request(VALMONT_HABITAT, 'HOUSING', 403);
  line(TEXTS.refused, { reference: refusal.reference, reason: refusal.reasons[0]?.text ?? '' });

  // 5 · Stopped
  line(TEXTS.chapterStopped);
  // Conseil Dettes has no system: its door is its mailbox.
  const { mailbox } = world;
  if (mailbox === null) throw new Error('No mailbox for Conseil Dettes');
  await mailbox.behave({ door: 'refusing' });
  const waiting = await request(CONSEIL_DETTES, 'DEBTADVICE');
  const tried = await reached(waiting.id, ({ attempts, status }) => attempts >= 1 && status === 'queued');
  line(TEXTS.queued, { reference: tried.reference, attempts: tried.attempts });
  const asked = Date.now();
  await ask('POST', `/api/v1/consents/${debt.id}/withdraw`, 200);
  line(TEXTS.withdrawn, { ms: Date.now() - asked });
  const stopped = await look(waiting.id);
  await mailbox.behave({ door: 'open' });
  await sleep(1_500);
  const arrivedThere = await mailbox.mails();
  const end = stopped.timeline.find(({ status }) => status === 'stopped');
  line(TEXTS.stopped, {
    reference: stopped.reference,
    reason: end?.reasons[0]?.text ?? '',
    notices: arrivedThere.length,
  });

  // 6 · The answer
  line(TEXTS.chapterAnswer);
  const taskId = sent[0]?.taskId ?? '';
  const reports = [
    { status: 'on-hold', reason: say(TEXTS.askPayslip, lang) },
    { status: 'accepted', note: say(TEXTS.accept, lang) },
    { status: 'completed', output: say(TEXTS.outcome, lang) },
  ];
  for (const report of reports) {
    const answer = await partner(TOIT_COMMUN).control<Answer<unknown>>('/report', { taskId, ...report });
    if (answer.status !== 200) throw new Error(`Task: ${answer.status} ${JSON.stringify(answer.body)}`);
    line(TEXTS.answer, {
      status: say(REFERRAL_TEXTS[report.status] ?? { en: report.status, fr: report.status }, lang),
      message: report.reason ?? report.note ?? report.output ?? '',
    });
  }
  const announced = await waitForEvents(agency);
  line(TEXTS.announced, { count: announced });

  // 7 · Grace's page
  line(TEXTS.chapterReport);
  const report = await ask<DisclosureReport>('GET', `/api/v1/persons/${grace.personId}/disclosures`, 200);
  for (const { reference, sentence, categories, outcome, reasons } of report.disclosures.toReversed()) {
    const why = outcome === 'delivered' ? `(${categories.join(', ')})` : reasons.map(({ text }) => text).join(' ');
    tell(`${reference}  ${sentence} ${why}`);
  }
  await world.store.sequenceOnce();
  const audit = await world.store.verifyAudit();
  line(audit.ok ? TEXTS.auditOk : TEXTS.auditBad, { entries: audit.entries });

  const of = (outcome: string): number =>
    report.disclosures.filter((disclosure) => disclosure.outcome === outcome).length;
  return {
    imported: candidates.length + hmis.people,
    delivered: of('delivered'),
    refused: of('refused'),
    stopped: of('stopped'),
    withheldElements: sent.reduce((sum, { withheldElements }) => sum + withheldElements, 0),
    receipts: await receiptsOf(world),
    auditEntries: audit.entries + audit.unsequenced,
    auditVerified: audit.ok && audit.unsequenced === 0,
    personId: grace.personId,
  };
}

export function transferBody(recipient: Organization, purpose: string): Record<string, unknown> {
  return { caseId: GRACE, recipientOrganizationId: recipient.id, purpose, ground: { kind: 'consent' } };
}

/** One element for each kind of reason, so that a reader sees why things stay without reading hundreds of lines. */
function examplesOf(withheld: PreviewView['withheld']): PreviewView['withheld'] {
  return [...new Map(withheld.map((element) => [element.reason.code, element])).values()];
}

/** The next 30 June, as `YYYY-MM-DD`. */
function nextThirtiethOfJune(): string {
  const now = new Date();
  const year = now.getUTCMonth() >= 6 ? now.getUTCFullYear() + 1 : now.getUTCFullYear();
  return `${year}-06-30`;
}

async function resourcesOf(world: World, transferId: string): Promise<number> {
  const wire = await world.store.asOrganization(CCAS.id, (tx) => tx.loadWire(transferId as TransferId));
  const bundle = JSON.parse(wire?.toString('utf8') ?? '{}') as { entry?: unknown[] };
  return bundle.entry?.length ?? 0;
}

/** Receipts as the log remembers them, not as the story hopes. */
async function receiptsOf(world: World): Promise<number> {
  const entries = await world.store.asOrganization(CCAS.id, (tx) =>
    tx.listAudit({ action: 'disclosure.received', limit: 1000 }),
  );
  return entries.length;
}

/** Announcements arrive a moment after the commit; the count is told when it no longer grows. */
async function waitForEvents(agency: RemotePartner): Promise<number> {
  let count = -1;
  for (let round = 0; round < 40; round += 1) {
    const { events } = await agency.control<{ events: unknown[] }>('/events');
    if (events.length === count && count >= 6) break;
    count = events.length;
    await sleep(250);
  }
  return count;
}
