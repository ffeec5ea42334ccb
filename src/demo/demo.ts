import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { openHmisExport } from '../adapters/hmis/open-export.js';
import { createImportStore } from '../adapters/store/imports/create-import-store.js';
import { importHmis } from '../intake/import-hmis.js';
import { say, type Lang, type Text } from '../kernel/i18n.js';
import { playStory, transferBody, type StoryOptions, type Told } from './story.js';
import { startWorld, type World } from './start-world.js';
import { TEXTS } from './texts.js';
import { CCAS, ORGANIZATIONS, TOIT_COMMUN, USERS } from './world.js';

const DATA_DIR = fileURLToPath(new URL('../../config/demo', import.meta.url));

/**
 * `npm run demo [-- --lang en|fr] [--once] [--port n]`: the gateway, an issuer and partner systems in processes of their
 * own, and the story of Valmont as it happens. The story goes to standard output; with `--once` its last line is one
 * JSON object.
 */
async function demo(): Promise<void> {
  const { values } = parseArgs({
    options: {
      lang: { type: 'string', default: 'en' },
      once: { type: 'boolean', default: false },
      port: { type: 'string', default: '8080' },
    },
  });
  const lang: Lang = values.lang === 'fr' ? 'fr' : 'en';
  const tell = (text = ''): void => void process.stdout.write(`${text}\n`);
  const line = (text: Text, parameters: Record<string, string> = {}): void => tell(say(text, lang, parameters));

  const began = Date.now();
  line(TEXTS.starting);
  const world = await startWorld({
    lang,
    port: Number(values.port),
    databaseUrl: process.env['DATABASE_URL'],
    redisUrl: process.env['REDIS_URL'],
  });
  const stop = async (code: number): Promise<never> => {
    await world.stop();
    process.exit(code);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop(0));
  try {
    await world.startGateway();
    line(TEXTS.started, { seconds: ((Date.now() - began) / 1000).toFixed(1) });
    const told = await playStory({
      world,
      lang,
      tell: (text) => tell(/^\d · /.test(text) ? `\n${text}` : text),
      dataDir: DATA_DIR,
      importHmis: () => importAsToitCommun(world),
    });
    if (!values.once) await describe(world, told, lang, tell);
    const { personId: _, ...result } = told;
    tell(`${values.once ? '\n' : ''}${JSON.stringify(result)}`);
    if (values.once) await stop(0);
    line(TEXTS.stays_up);
  } catch (error) {
    process.stderr.write(`${say(TEXTS.failed, lang)} ${error instanceof Error ? error.message : ''}\n`);
    await stop(1);
  }
}

/** What `relais import hmis config/demo/hmis --organization …` does, on the story's own database. */
async function importAsToitCommun({ store }: World): ReturnType<StoryOptions['importHmis']> {
  const source = await openHmisExport(`${DATA_DIR}/hmis`);
  try {
    let findings = 0;
    const result = await importHmis(
      { store: createImportStore(store) },
      {
        organizationId: TOIT_COMMUN.id,
        actor: { type: 'system', id: 'demo', organizationId: TOIT_COMMUN.id },
        source,
        findings: { add: () => (findings += 1), restart: () => (findings = 0) },
      },
    );
    if (result.kind === 'refused') throw new Error(`HMIS: ${result.reason}`);
    const kept = result.files.filter(({ mapped }) => !mapped);
    return {
      people: result.people,
      rows: result.rows,
      findings,
      keptRows: kept.reduce((sum, { rows }) => sum + rows, 0),
    };
  } finally {
    await source.close();
  }
}

/** What a visitor needs to go on alone: addresses, sign-ins, and three commands that work as they are. */
async function describe(world: World, told: Told, lang: Lang, tell: (text?: string) => void): Promise<void> {
  const { publicUrl } = world;
  const text = (key: keyof typeof TEXTS): string => say(TEXTS[key], lang);
  const names = new Map(ORGANIZATIONS.map(({ id, name }) => [id, name]));
  const agency = world.partners.get(CCAS.id);
  tell(`\n${text('urls')}`);
  tell(`  ${publicUrl}/console   ${text('console')}`);
  tell(`  ${agency?.process.ready.openUrl}VAL-2026-0417   ${text('openFile')}`);
  if (world.mailbox !== null) tell(`  ${world.mailbox.url}/?lang=${lang}   ${text('mailbox')}`);
  tell(`  ${publicUrl}/          ${text('landing')}`);
  tell(`  ${publicUrl}/docs      ${text('docs')}`);
  tell(`  ${publicUrl}/signin    ${text('signIn')}`);
  if (world.mailbox !== null) tell(`\n${text('playGuest')}`);
  tell(`\n${text('signIns')}`);
  for (const { name, organizationId, roles } of USERS)
    tell(`  ${name.padEnd(16)} ${names.get(organizationId)} · ${roles.join(', ')}`);

  const { token } = (await agency?.control<{ token: string }>('/token', [])) ?? { token: '' };
  const authorization = `-H 'Authorization: Bearer ${token}'`;
  tell(`\n${text('curls')}`);
  tell(`# ${text('curlTransfers')}`);
  tell(`curl -s ${authorization} '${publicUrl}/api/v1/transfers'`);
  tell(`# ${text('curlReport')}`);
  tell(
    `curl -s ${authorization} -H 'Accept-Language: ${lang}' '${publicUrl}/api/v1/persons/${told.personId}/disclosures'`,
  );
  tell(`# ${text('curlRequest')}`);
  tell(
    `curl -s ${authorization} -H 'Content-Type: application/json' -H "Idempotency-Key: demo-$(date +%s)" -d '${JSON.stringify(transferBody(TOIT_COMMUN, 'HOUSING'))}' '${publicUrl}/api/v1/transfers'`,
  );
  tell(`\n# ${text('newToken')}: curl -s -X POST -d '[]' '${agency?.process.ready.controlUrl}/token'\n`);
}

await demo();
