import type { Tampering } from '../domain/audit/chain.js';
import { readCheckpoint } from '../domain/audit/checkpoint.js';
import { RelaisError } from '../kernel/errors.js';
import type { Text } from '../kernel/i18n.js';
import type { AuditVerdict } from '../adapters/store/audit/verify-audit.js';
import { withOpened, type CliCommand, type CliContext, type ExitCode, type Opened } from './context.js';
import { subcommand } from './import-hmis.js';
import { readBytes } from './read-file.js';

/** What is wrong, for somebody who has to act on it. */
export const TAMPERING_TEXTS: Readonly<Record<Tampering, Text>> = {
  'link-missing': { en: 'its number is gone from the log', fr: 'son numéro a disparu du journal' },
  'entry-missing': { en: 'the entry is gone', fr: 'l’entrée a disparu' },
  'entry-changed': { en: 'the entry was changed', fr: 'l’entrée a été modifiée' },
  'chain-broken': {
    en: 'the order was changed, or the log was rewritten from here on',
    fr: 'l’ordre a été modifié, ou le journal réécrit à partir d’ici',
  },
  'head-differs': { en: 'the log does not end as it should', fr: 'le journal ne se termine pas comme il devrait' },
  'tree-differs': {
    en: 'the tree does not belong to these entries',
    fr: 'l’arbre ne correspond pas à ces entrées',
  },
  'checkpoint-differs': {
    en: 'a signed checkpoint says otherwise, or is gone',
    fr: 'un point de contrôle signé dit autre chose, ou a disparu',
  },
  'log-shorter': {
    en: 'the log is shorter than what was signed',
    fr: 'le journal est plus court que ce qui a été signé',
  },
  'witness-differs': { en: 'the witness saw other entries', fr: 'le témoin a vu d’autres entrées' },
  'witness-longer': {
    en: 'the log is shorter than what the witness saw: entries were cut off, or an older copy was restored',
    fr: 'le journal est plus court que ce que le témoin a vu : des entrées ont été coupées, ou une copie plus ancienne a été restaurée',
  },
  'witness-foreign': {
    en: 'the witness’s checkpoint is not signed with this log’s key: it is of another log, or the key was replaced',
    fr: 'le point de contrôle du témoin n’est pas signé avec la clé de ce journal : il vient d’un autre journal, ou la clé a été remplacée',
  },
  'entry-lost': {
    en: 'an entry was deleted before it was numbered',
    fr: 'une entrée a été supprimée avant d’être numérotée',
  },
  'entry-unqueued': {
    en: 'an entry was taken out of the queue before it was numbered',
    fr: 'une entrée a été retirée de la file avant d’être numérotée',
  },
  'entry-queued-twice': {
    en: 'an entry that has its number waits for another',
    fr: 'une entrée déjà numérotée attend un second numéro',
  },
};

const TEXTS = {
  broken: {
    en: 'The audit log is broken at entry {seq}: {what} [{kind}].',
    fr: 'Le journal d’audit est rompu à l’entrée {seq} : {what} [{kind}].',
  },
  brokenBetween: {
    en: 'The audit log is broken between entry {seq} and entry {last}: {what} [{kind}].',
    fr: 'Le journal d’audit est rompu entre l’entrée {seq} et l’entrée {last} : {what} [{kind}].',
  },
  shorter: {
    en: 'The log is shorter than what the witness saw: {size} < {seen} entries.',
    fr: 'Le journal est plus court que ce que le témoin a vu : {size} < {seen} entrées.',
  },
  entry: { en: 'Its id: {id}', fr: 'Son identifiant : {id}' },
  holds: {
    en: 'The audit log holds: {n} entries, {checkpoints} signed checkpoints.',
    fr: 'Le journal d’audit est intact : {n} entrées, {checkpoints} points de contrôle signés.',
  },
  witness: {
    en: 'It extends what the witness saw: {n} entries.',
    fr: 'Il prolonge ce que le témoin a vu : {n} entrées.',
  },
  unsigned: { en: 'Not signed yet: {n} entries.', fr: 'Pas encore signées : {n} entrées.' },
  unsequenced: { en: '{n} entries are not numbered yet.', fr: '{n} entrées ne sont pas encore numérotées.' },
} as const satisfies Record<string, Text>;

interface Options {
  readonly checkpoint?: string;
  readonly key?: string;
  readonly json?: boolean;
}

/** `relais audit verify`: computes the whole log again and names the first bad entry. */
export const auditVerifyCommand: CliCommand = (program, context, run) => {
  const { say } = context;
  const describe = (en: string, fr: string): string => say({ en, fr });
  subcommand(program, 'audit', describe('the audit log', 'le journal d’audit'))
    .command('verify')
    .description(
      describe(
        'compute the audit log again and name the first bad entry',
        'recalculer le journal d’audit et désigner la première entrée fautive',
      ),
    )
    .option(
      '--checkpoint <file>',
      describe('a checkpoint that was kept outside', 'un point de contrôle conservé à l’extérieur'),
    )
    .option(
      '--key <key>',
      describe(
        'the key that the checkpoint is checked with; default: the log’s own',
        'la clé qui vérifie ce point de contrôle ; par défaut : celle du journal',
      ),
    )
    .option('--json', describe('one line of JSON', 'une ligne de JSON'))
    .action(run((options: Options) => verify(context, options)));
};

async function verify(context: CliContext, options: Options): Promise<ExitCode> {
  // First what the user named: a wrong path needs no database.
  const checkpoint = options.checkpoint === undefined ? undefined : await readCheckpointFile(options.checkpoint);
  return withOpened(context, async ({ store }) => {
    const verdict = await verifyAndSign(store, {
      ...(checkpoint !== undefined && { checkpoint }),
      ...(options.key !== undefined && { key: options.key }),
    });
    if (options.json === true) context.out(JSON.stringify({ ...verdict, firstBad: verdict.firstBad ?? null }));
    else print(context, verdict, checkpoint);
    return verdict.ok ? 0 : 1;
  });
}

/**
 * The command line has no sequencer of its own: what it wrote itself is numbered first. It is signed only after the log
 * was found whole, so that nobody gets a signature for a forgery by asking whether it is one.
 */
export async function verifyAndSign(
  store: Opened['store'],
  options: Parameters<Opened['store']['verifyAudit']>[0] = {},
): Promise<AuditVerdict> {
  while ((await store.numberOnce()) > 0);
  const verdict = await store.verifyAudit(options);
  if (!verdict.ok || verdict.unsigned === 0) return verdict;
  const signed = await store.signCheckpoint();
  return signed === null ? verdict : { ...verdict, unsigned: 0, checkpoints: verdict.checkpoints + 1 };
}

/** @throws RelaisError `cli.not-a-checkpoint` */
export async function readCheckpointFile(path: string): Promise<string> {
  const note = (await readBytes(path)).toString('utf8');
  if (readCheckpoint(note) !== null) return note;
  throw new RelaisError('cli.not-a-checkpoint', 422, 'value', `${path} is not a checkpoint.`);
}

function print({ out, say, count }: CliContext, verdict: AuditVerdict, witness: string | undefined): void {
  const { firstBad } = verdict;
  if (firstBad !== undefined) {
    const { seq, kind, before = seq + 1, entryId } = firstBad;
    const last = before - 1;
    const parameters = { seq: String(seq), last: String(last), kind, what: say(TAMPERING_TEXTS[kind]) };
    out(say(last > seq ? TEXTS.brokenBetween : TEXTS.broken, parameters));
    if (kind === 'witness-longer') {
      const seen = readCheckpoint(witness ?? '')?.size ?? 0;
      out(say(TEXTS.shorter, { size: count(last), seen: count(seen) }));
    }
    if (entryId !== null) out(say(TEXTS.entry, { id: entryId }));
  } else {
    out(say(TEXTS.holds, { n: count(verdict.entries), checkpoints: count(verdict.checkpoints) }));
    if (verdict.witness !== undefined) out(say(TEXTS.witness, { n: count(verdict.witness) }));
    if (verdict.unsigned > 0) out(say(TEXTS.unsigned, { n: count(verdict.unsigned) }));
  }
  if (verdict.unsequenced > 0) out(say(TEXTS.unsequenced, { n: count(verdict.unsequenced) }));
}
