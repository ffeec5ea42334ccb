import type { Text } from '../kernel/i18n.js';
import { notFound } from '../kernel/errors.js';
import { erasePerson } from '../transfer/erase-person.js';
import type { PersonInventory } from '../transfer/stored-case.js';
import { commandLineActor } from './actor.js';
import { verifyAndSign } from './audit-verify.js';
import { withOpened, type CliCommand, type CliContext, type ExitCode, type Opened } from './context.js';

interface Options {
  readonly organization?: string;
  readonly yes?: boolean;
}

/** A delivery that a worker holds ends within its lease. */
const PATIENCE_MS = 30_000;

const TEXTS = {
  person: { en: 'Person {id}', fr: 'Personne {id}' },
  key: { en: '  data key: {n}', fr: '  clé de données : {n}' },
  indexRows: { en: '  index entries: {n}', fr: '  entrées d’index : {n}' },
  records: {
    en: '  versions of records that the key opens: {n}',
    fr: '  versions de dossiers que la clé ouvre : {n}',
  },
  decisions: {
    en: '  versions of consents, evidence, objections and corrections that the key opens: {n}',
    fr: '  versions de consentements, preuves, oppositions et rectifications que la clé ouvre : {n}',
  },
  contents: { en: '  contents of transfers and previews: {n}', fr: '  contenus de transferts et d’aperçus : {n}' },
  waiting: { en: '  transfers that have not left: {n}', fr: '  transferts qui ne sont pas partis : {n}' },
  stays: {
    en: '  stays as proof, ids and codes only: {transfers} transfers, {proofs} log entries',
    fr: '  reste comme preuve, identifiants et codes seulement : {transfers} transferts, {proofs} entrées du journal',
  },
  asks: {
    en: 'Nothing was erased. This cannot be undone; to do it: relais erase {id} --yes',
    fr: 'Rien n’a été effacé. C’est irréversible ; pour le faire : relais erase {id} --yes',
  },
  told: {
    en: 'Past recipients told to stop using what they hold: {n}',
    fr: 'Anciens destinataires invités à ne plus utiliser ce qu’ils détiennent : {n}',
  },
  done: {
    en: 'Erased: the key is destroyed, index entries and contents are deleted, waiting transfers are cancelled.',
    fr: 'Effacée : la clé est détruite, les entrées d’index et les contenus sont supprimés, les transferts en attente annulés.',
  },
  before: {
    en: 'This person was erased before, on {date}; there was nothing left to do.',
    fr: 'Cette personne a déjà été effacée, le {date} ; il ne restait rien à faire.',
  },
  log: { en: 'The audit log holds: {n} entries.', fr: 'Le journal d’audit est intact : {n} entrées.' },
  broken: {
    en: 'The audit log is broken at entry {seq}.',
    fr: 'Le journal d’audit est rompu à l’entrée {seq}.',
  },
} as const satisfies Record<string, Text>;

/** `relais erase <person> --yes` (GDPR art. 17): destroys the keys and indexes of one person, and says what it did. */
export const eraseCommand: CliCommand = (program, context, run) => {
  const { say } = context;
  program
    .command('erase')
    .description(
      say({
        en: 'erase a person: destroy the data key and the indexes; proofs stay. Interrupted, run it again',
        fr: 'effacer une personne : détruire la clé de données et les index ; les preuves restent. Interrompu, relancez',
      }),
    )
    .argument(
      '<person>',
      say({ en: 'the person’s id, or the agency’s own key', fr: 'l’identifiant, ou la clé propre à l’organisme' }),
    )
    .option('--organization <id>', say({ en: 'for which organization', fr: 'pour quel organisme' }))
    .option(
      '--yes',
      say({
        en: 'do it; without it, only say what would go',
        fr: 'le faire ; sans elle, dire seulement ce qui disparaîtrait',
      }),
    )
    .action(
      run((person: string, options: Options) =>
        withOpened(context, (opened) => erase(context, opened, person, options)),
      ),
    );
};

async function erase(
  context: CliContext,
  { store, organization, frame }: Opened,
  person: string,
  options: Options,
): Promise<ExitCode> {
  const { out, note, say, count } = context;
  const organizationId = await organization(options.organization);
  const found = await store.asOrganization(organizationId, (tx) => tx.inventoryOf(person));
  if (found === null) throw notFound();
  if (options.yes !== true) {
    print(context, found);
    note(say(TEXTS.asks, { id: found.personId }));
    return 1;
  }
  // First, so that whoever is interrupted knows what to run again: the agency's key is among what goes.
  out(say(TEXTS.person, { id: found.personId }));
  const deps = { store, patienceMs: PATIENCE_MS, frame };
  const by = { organizationId, actor: commandLineActor(organizationId) };
  const { erased, before, notified } = await erasePerson(deps, by, found.personId);
  if (erased) {
    print(context, before, false);
    out(say(TEXTS.told, { n: count(notified) }));
    out(say(TEXTS.done));
  } else out(say(TEXTS.before, { date: before.erasedAt?.slice(0, 10) ?? '' }));
  const verdict = await verifyAndSign(store);
  if (verdict.firstBad !== undefined) {
    note(say(TEXTS.broken, { seq: String(verdict.firstBad.seq) }));
    return 1;
  }
  out(say(TEXTS.log, { n: count(verdict.entries) }));
  return 0;
}

function print({ out, say, count }: CliContext, inventory: PersonInventory, withName = true): void {
  const { personId, keys, indexRows, records, decisions, contents, waiting, transfers, proofs } = inventory;
  if (withName) out(say(TEXTS.person, { id: personId }));
  out(say(TEXTS.key, { n: count(keys) }));
  out(say(TEXTS.indexRows, { n: count(indexRows) }));
  out(say(TEXTS.records, { n: count(records) }));
  out(say(TEXTS.decisions, { n: count(decisions) }));
  out(say(TEXTS.contents, { n: count(contents) }));
  out(say(TEXTS.waiting, { n: count(waiting) }));
  out(say(TEXTS.stays, { transfers: count(transfers), proofs: count(proofs) }));
}
