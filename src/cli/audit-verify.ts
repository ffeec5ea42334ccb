import { withOpened, type CliCommand } from './context.js';
import { subcommand } from './import-hmis.js';

/** `relais audit verify`: computes the whole log again and names the first bad entry. */
export const auditVerifyCommand: CliCommand = (program, context, run) => {
  const { say, out, count } = context;
  subcommand(program, 'audit', say({ en: 'the audit log', fr: 'le journal d’audit' }))
    .command('verify')
    .description(
      say({
        en: 'compute the audit log again and name the first bad entry',
        fr: 'recalculer le journal d’audit et désigner la première entrée fautive',
      }),
    )
    .action(
      run(() =>
        withOpened(context, async ({ store }) => {
          // The command line has no sequencer of its own: what it wrote itself is numbered first.
          while ((await store.sequenceOnce()) > 0);
          const verdict = await store.verifyAudit();
          if (verdict.firstBad !== undefined) {
            const { seq, kind } = verdict.firstBad;
            out(
              say(
                {
                  en: 'The audit log is broken at entry {seq}: {kind}.',
                  fr: 'Le journal d’audit est rompu à l’entrée {seq} : {kind}.',
                },
                { seq: String(seq), kind },
              ),
            );
            return 1;
          }
          out(
            say(
              { en: 'The audit log holds: {n} entries.', fr: 'Le journal d’audit est intact : {n} entrées.' },
              { n: count(verdict.entries) },
            ),
          );
          if (verdict.unsequenced > 0)
            out(
              say(
                { en: '{n} entries are not numbered yet.', fr: '{n} entrées ne sont pas encore numérotées.' },
                { n: count(verdict.unsequenced) },
              ),
            );
          return 0;
        }),
      ),
    );
};
