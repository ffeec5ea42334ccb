import { writeFile } from 'node:fs/promises';
import { hashOf } from '../adapters/identity/session-cookie.js';
import { readKeys, type TrustedKeys } from '../domain/evidence/read-keys.js';
import { verifyPack, type Check, type CheckName } from '../domain/evidence/verify-pack.js';
import { RelaisError } from '../kernel/errors.js';
import type { Text } from '../kernel/i18n.js';
import type { TransferId } from '../kernel/ids.js';
import { exportEvidence } from '../transfer/export-evidence.js';
import type { Principal } from '../transfer/principal.js';
import { commandLineActor } from './actor.js';
import { withOpened, type CliCommand, type CliContext, type ExitCode, type Opened } from './context.js';
import { readBytes } from './read-file.js';

interface Options {
  readonly out?: string;
  readonly content?: boolean;
  readonly sessionFile?: string;
  readonly organization?: string;
}

const CHECK_TEXTS: Readonly<Record<CheckName, Text>> = {
  zip: { en: 'the zip is in its one form', fr: 'le zip est dans sa forme unique' },
  manifest: { en: 'the manifest can be read', fr: 'le manifeste est lisible' },
  files: { en: 'every file is the one that the manifest names', fr: 'chaque fichier est celui que nomme le manifeste' },
  'manifest-signature': { en: 'the manifest is signed', fr: 'le manifeste est signé' },
  checkpoint: { en: 'the checkpoint of the log is signed', fr: 'le point de contrôle du journal est signé' },
  log: { en: 'the entries are in that log, word for word', fr: 'les entrées sont dans ce journal, mot pour mot' },
  commitment: { en: 'the digest is the one that was approved', fr: 'l’empreinte est celle qui a été approuvée' },
  agreement: { en: 'the agreement and its version', fr: 'la convention et sa version' },
  decisions: { en: 'the decision, its ground and its reasons', fr: 'la décision, son fondement et ses raisons' },
  receipt: { en: 'the recipient’s receipt', fr: 'l’accusé de réception du destinataire' },
  signature: { en: 'the signature over the bytes', fr: 'la signature des octets' },
  content: { en: 'the content', fr: 'le contenu' },
};
const RESULTS: Readonly<Record<Check['result'], Text>> = {
  holds: { en: 'holds', fr: 'tient' },
  fails: { en: 'FAILS', fr: 'ÉCHOUE' },
  absent: { en: 'not there', fr: 'absent' },
};
const VERDICTS = {
  fails: { en: 'This pack does not hold.', fr: 'Ce dossier ne tient pas.' },
  given: {
    en: 'This pack holds, by the keys that you gave.',
    fr: 'Ce dossier tient, selon les clés que vous avez données.',
  },
  'self-asserted': {
    en: 'This pack is whole, by keys that only it itself vouches for (self-asserted). Whose it is, is not proven: give --key.',
    fr: 'Ce dossier est entier, selon des clés dont lui seul se porte garant (auto-affirmées). De qui il vient n’est pas prouvé : donnez --key.',
  },
} as const satisfies Record<string, Text>;

/** `relais evidence <transferId>`, `relais evidence verify <zip>`, `relais evidence keys`. */
export const evidenceCommand: CliCommand = (program, context, run) => {
  const { say } = context;
  const evidence = program
    .command('evidence')
    .argument('<transferId>', say({ en: 'id of a transfer', fr: 'identifiant d’un transfert' }))
    .description(
      say({ en: 'write what proves a transfer as one zip', fr: 'écrire en un zip ce qui prouve un transfert' }),
    )
    .option('--out <file>', say({ en: 'where to write it', fr: 'où l’écrire' }))
    .option('--content', say({ en: 'with the bytes that were sent', fr: 'avec les octets envoyés' }))
    .option(
      '--session-file <file>',
      say({ en: 'for --content: session of a caseworker', fr: 'pour --content : session d’un·e intervenant·e' }),
    )
    .option('--organization <id>', say({ en: 'for which organization', fr: 'pour quel organisme' }))
    .action(run((id: string, options: Options) => write(context, id, options)));
  evidence
    .command('verify')
    .argument('<zip>')
    .description(say({ en: 'check such a zip, with no database', fr: 'vérifier un tel zip, sans base de données' }))
    .option('--key <file...>', say({ en: 'public keys to rely on', fr: 'clés publiques auxquelles se fier' }))
    .action(run((zip: string, { key }: { readonly key?: readonly string[] }) => verify(context, zip, key ?? [])));
  evidence
    .command('keys')
    .description(say({ en: 'print the public keys, for --key', fr: 'afficher les clés publiques, pour --key' }))
    .action(
      run(() =>
        withOpened(context, async ({ store, evidence: { bundleKeys } }): Promise<ExitCode> => {
          const keys = { checkpointKeys: await store.checkpointKeys(), jwks: { keys: await bundleKeys() } };
          context.out(JSON.stringify(keys, null, 2));
          return 0;
        }),
      ),
    );
};

async function write(context: CliContext, id: string, options: Options): Promise<ExitCode> {
  const { content = false, out = `evidence-${id}.zip` } = options;
  await withOpened(context, async (opened) => {
    const principal = await principalOf(opened, options);
    const deps = {
      store: opened.store,
      ...opened.evidence,
      signLog: async () => void (await opened.store.sequenceOnce()),
    };
    const zip = await exportEvidence(deps, principal, id as TransferId, { lang: context.lang, withContent: content });
    await writeFile(out, zip, { mode: 0o600 });
  });
  context.out(context.say({ en: 'Written: {out}', fr: 'Écrit : {out}' }, { out }));
  return 0;
}

/** Whoever runs the command gets digests. Content takes a living session of staff who may read the case. */
async function principalOf(
  { organization, staffSessions }: Opened,
  options: Options,
): Promise<Pick<Principal, 'actor' | 'organizationId' | 'roles'>> {
  if (options.sessionFile === undefined) {
    const organizationId = await organization(options.organization);
    return { actor: commandLineActor(organizationId), organizationId, roles: new Set() };
  }
  const secret = (await readBytes(options.sessionFile)).toString('utf8').trim();
  const session = await staffSessions.touch(hashOf(secret));
  if (session === null)
    throw new RelaisError('auth.session-expired', 401, 'expired', 'The session has ended. Sign in again.');
  const { staffId, organizationId, roles } = session;
  return { actor: { type: 'staff', id: staffId, organizationId }, organizationId, roles: new Set(roles) };
}

/** 0: by keys that were given; 4: by the pack's own; 1: something does not hold. */
async function verify({ out, say }: CliContext, zip: string, keyFiles: readonly string[]): Promise<ExitCode> {
  const keys: TrustedKeys[] = [];
  for (const file of keyFiles) {
    const read = readKeys((await readBytes(file)).toString('utf8'));
    if (read === null) throw new RelaisError('evidence.key', 422, 'value', `There is no public key in ${file}.`);
    keys.push(read);
  }
  const trusted =
    keys.length === 0
      ? null
      : { checkpoint: keys.flatMap((key) => key.checkpoint), bundle: keys.flatMap((key) => key.bundle) };
  const verdict = verifyPack(await readBytes(zip), trusted);
  for (const { name, result, detail } of verdict.checks) {
    out(`${say(RESULTS[result]).padEnd(9)} ${say(CHECK_TEXTS[name])}${detail === null ? '' : ` (${detail})`}`);
  }
  out(say(VERDICTS[verdict.ok ? verdict.keys : 'fails']));
  if (!verdict.ok) return 1;
  return verdict.keys === 'given' ? 0 : 4;
}
