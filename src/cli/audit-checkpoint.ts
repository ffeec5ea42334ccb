import { writeFile } from 'node:fs/promises';
import { openCheckpoint, readCheckpoint } from '../domain/audit/checkpoint.js';
import { checkConsistency } from '../domain/audit/merkle/check-proof.js';
import type { Tampering } from '../domain/audit/chain.js';
import { readVerifier } from '../domain/audit/signed-note.js';
import { RelaisError } from '../kernel/errors.js';
import type { Text } from '../kernel/i18n.js';
import { commandLineActor } from './actor.js';
import { readCheckpointFile, TAMPERING_TEXTS, verifyAndSign } from './audit-verify.js';
import { withOpened, type CliCommand, type CliContext, type ExitCode, type Opened } from './context.js';
import { subcommand } from './import-hmis.js';

const TEXTS = {
  none: { en: 'The log has no checkpoint yet.', fr: 'Le journal n’a pas encore de point de contrôle.' },
  written: { en: 'Checkpoint over {n} entries: {file}', fr: 'Point de contrôle sur {n} entrées : {file}' },
  extends: {
    en: 'The log of {n} entries begins with the {seen} entries that the witness saw.',
    fr: 'Le journal de {n} entrées commence par les {seen} entrées que le témoin a vues.',
  },
  not: {
    en: 'The log does not extend what the witness saw: {what} [{kind}].',
    fr: 'Le journal ne prolonge pas ce que le témoin a vu : {what} [{kind}].',
  },
  rotated: {
    en: 'This key signs from now on. Give it to every witness (relais audit checkpoint: the first one is signed by both keys).',
    fr: 'Cette clé signe désormais. Remettez-la à chaque témoin (relais audit checkpoint : le premier est signé par les deux clés).',
  },
  notRotated: {
    en: 'The log does not hold: no new key signs it. Run: relais audit verify',
    fr: 'Le journal est altéré : aucune nouvelle clé ne le signe. Lancez : relais audit verify',
  },
  shorter: { en: '{n} < {seen} entries.', fr: '{n} < {seen} entrées.' },
} as const satisfies Record<string, Text>;

/** `relais audit checkpoint | consistency | key`: what a witness outside needs. */
export const auditCheckpointCommand: CliCommand = (program, context, run) => {
  const { say, out } = context;
  const describe = (en: string, fr: string): string => say({ en, fr });
  const group = subcommand(program, 'audit', describe('the audit log', 'le journal d’audit'));
  group
    .command('checkpoint')
    .description(
      describe(
        'the newest signed checkpoint, for a witness to keep outside',
        'le dernier point de contrôle signé, qu’un témoin conserve à l’extérieur',
      ),
    )
    .option('--out <file>', describe('write it there', 'l’écrire à cet endroit'))
    .action(run((options: { readonly out?: string }) => writeCheckpoint(context, options.out)));
  group
    .command('consistency')
    .description(
      describe(
        'prove that today’s log begins with the log of a checkpoint, without reading it all',
        'prouver que le journal d’aujourd’hui commence par celui d’un point de contrôle, sans tout relire',
      ),
    )
    .requiredOption('--from <file>', describe('the checkpoint that was kept', 'le point de contrôle conservé'))
    .option('--json', describe('one line of JSON, with the proof', 'une ligne de JSON, avec la preuve'))
    .action(run((options: { readonly from: string; readonly json?: boolean }) => proveConsistency(context, options)));
  group
    .command('key')
    .description(
      describe(
        'the public keys that sign checkpoints, the newest last (C2SP signed-note)',
        'les clés publiques qui signent les points de contrôle, la plus récente en dernier (C2SP signed-note)',
      ),
    )
    .option(
      '--rotate',
      describe(
        'make a new key that signs from now on; the one before signs its first checkpoint as well',
        'créer une nouvelle clé, qui signe désormais ; l’ancienne signe aussi son premier point de contrôle',
      ),
    )
    .action(
      run((options: { readonly rotate?: boolean }) =>
        withOpened(context, async ({ store }): Promise<ExitCode> => {
          if (options.rotate === true) return rotateKey(context, store);
          for (const key of await store.checkpointKeys()) out(key);
          return 0;
        }),
      ),
    );
};

/** The log is checked first: a new key is to sign for nothing that does not hold. */
async function rotateKey({ out, note, say }: CliContext, store: Opened['store']): Promise<ExitCode> {
  if (!(await verifyAndSign(store)).ok) {
    note(say(TEXTS.notRotated));
    return 1;
  }
  const keys = await store.rotateCheckpointKey(commandLineActor(null));
  await store.sequenceOnce();
  out(keys.at(-1)!);
  note(say(TEXTS.rotated));
  return 0;
}

async function writeCheckpoint(context: CliContext, file: string | undefined): Promise<ExitCode> {
  const { out, note, say, count } = context;
  return withOpened(context, async ({ store }) => {
    // On a gateway that runs there is one; a local store signs when it is asked, once it was found whole.
    if ((await store.latestCheckpoint()) === null) await verifyAndSign(store);
    const checkpoint = await store.latestCheckpoint();
    if (checkpoint === null) {
      note(say(TEXTS.none));
      return 1;
    }
    if (file === undefined) out(checkpoint.trimEnd());
    else {
      await writeFile(file, checkpoint).catch(() => {
        throw new RelaisError('cli.cannot-write', 422, 'value', `${file} cannot be written.`);
      });
      out(say(TEXTS.written, { n: count(readCheckpoint(checkpoint)!.size), file }));
    }
    return 0;
  });
}

async function proveConsistency(
  context: CliContext,
  options: { readonly from: string; readonly json?: boolean },
): Promise<ExitCode> {
  const { out, say, count } = context;
  const from = await readCheckpointFile(options.from);
  return withOpened(context, async ({ store }) => {
    const keys = (await store.checkpointKeys()).flatMap((text) => readVerifier(text) ?? []);
    const newest = openCheckpoint((await store.latestCheckpoint()) ?? '', keys);
    const seen = openCheckpoint(from, keys);
    const answer = (kind: Tampering | null, proof: readonly string[] = []): ExitCode => {
      const [n, size] = [newest?.size ?? 0, readCheckpoint(from)!.size];
      if (options.json === true) out(JSON.stringify({ consistent: kind === null, kind, from: size, to: n, proof }));
      else if (kind === null) out(say(TEXTS.extends, { n: count(n), seen: count(size) }));
      else {
        out(say(TEXTS.not, { what: say(TAMPERING_TEXTS[kind]), kind }));
        if (kind === 'witness-longer') out(say(TEXTS.shorter, { n: count(n), seen: count(size) }));
      }
      return kind === null ? 0 : 1;
    };
    if (seen === null) return answer('witness-foreign');
    if (newest === null || seen.size > newest.size) return answer('witness-longer');
    const found = await store.consistencyProof(seen.size);
    const now = found === null ? null : openCheckpoint(found.checkpoint, keys);
    const steps = (found?.proof ?? []).map((step) => Buffer.from(step, 'base64'));
    if (now === null || !checkConsistency(seen, now, steps)) return answer('witness-differs');
    return answer(null, found?.proof);
  });
}
