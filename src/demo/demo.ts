import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { say, type Lang, type Text } from '../kernel/i18n.js';
import { playStory, transferBody, type Told } from './story.js';
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
      importHmis: () => importAsToitCommun(world, lang),
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

/** The command line, as anybody would use it: `relais import hmis`. */
async function importAsToitCommun(
  world: World,
  lang: Lang,
): Promise<{ people: number; rows: number; findings: number; keptRows: number }> {
  const cli = fileURLToPath(new URL('../cli.js', import.meta.url));
  const args = [cli, '--lang', lang, 'import', 'hmis', `${DATA_DIR}/hmis`, '--organization', TOIT_COMMUN.id, '--json'];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...world.gatewayEnvironment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`relais import hmis: ${code} ${errors.slice(0, 500)}`);
  return JSON.parse(output.trim().split('\n').at(-1) ?? '{}') as {
    people: number;
    rows: number;
    findings: number;
    keptRows: number;
  };
}

/** What a visitor needs to go on alone: addresses, sign-ins, and three commands that work as they are. */
async function describe(world: World, told: Told, lang: Lang, tell: (text?: string) => void): Promise<void> {
  const { publicUrl } = world;
  const text = (key: keyof typeof TEXTS): string => say(TEXTS[key], lang);
  const names = new Map(ORGANIZATIONS.map(({ id, name }) => [id, name]));
  tell(`\n${text('urls')}`);
  tell(`  ${publicUrl}/          ${text('landing')}`);
  tell(`  ${publicUrl}/docs      ${text('docs')}`);
  tell(`  ${publicUrl}/signin    ${text('signIn')}`);
  tell(`\n${text('signIns')}`);
  for (const { name, organizationId, roles } of USERS)
    tell(`  ${name.padEnd(16)} ${names.get(organizationId)} · ${roles.join(', ')}`);

  const agency = world.partners.get(CCAS.id);
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
