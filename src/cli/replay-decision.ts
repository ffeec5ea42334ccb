import { replayDecision, type DecisionReceipt, type DecisionStage, type Replay } from '../domain/decision/receipt.js';
import { labelText } from '../domain/labels/label-texts.js';
import { labelsOf } from '../domain/labels/labels.js';
import { notFound } from '../kernel/errors.js';
import type { Text } from '../kernel/i18n.js';
import type { DecisionId, OrganizationId } from '../kernel/ids.js';
import { createPresenter } from '../transfer/present-reasons.js';
import { withOpened, type CliContext, type ExitCode } from './context.js';

const STAGES: Readonly<Record<DecisionStage, Text>> = {
  preview: { en: 'for a preview', fr: 'pour un aperçu' },
  request: { en: 'when the transfer was asked for', fr: 'à la demande du transfert' },
  delivery: { en: 'right before sending', fr: 'juste avant l’envoi' },
};
const OUTCOMES: Readonly<Record<DecisionReceipt['outcome'], Text>> = {
  permit: { en: 'permitted ({labels})', fr: 'autorisé ({labels})' },
  deny: { en: 'refused', fr: 'refusé' },
};
const SAME: Text = { en: 'decided again: the same', fr: 'nouvelle décision : identique' };
const DIFFERENT: Text = { en: 'decided again: ANOTHER answer', fr: 'nouvelle décision : réponse DIFFÉRENTE' };
const IMPOSSIBLE: Text = {
  en: 'cannot be decided again; missing: {what}',
  fr: 'décision impossible à rejouer ; manque : {what}',
};

/**
 * `relais decide --replay <id>`: decides again from the receipt of a decision, or of every decision of a transfer, with
 * the versions that it names.
 *
 * @returns 0 when each comes out the same, else 1
 * @throws RelaisError 404 for an id of neither
 */
export async function replayDecisions(
  context: CliContext,
  id: string,
  organization: string | undefined,
): Promise<ExitCode> {
  return withOpened(context, async ({ store, organization: chosen }) => {
    const organizationId: OrganizationId = await chosen(organization);
    return store.asOrganization(organizationId, async (tx) => {
      const receipts = await tx.loadDecisions(id as DecisionId);
      if (receipts.length === 0) throw notFound();
      const present = createPresenter(await tx.listOrganizations());
      let code: ExitCode = 0;
      for (const receipt of receipts) {
        const { agreements, consents, circumstances } = await tx.loadVersions(receipt);
        const replay = replayDecision(receipt, agreements, consents, circumstances);
        if (replay.outcome !== 'same') code = 1;
        print(context, receipt, replay, present);
      }
      return code;
    });
  });
}

function print(
  { out, say, lang }: CliContext,
  receipt: DecisionReceipt,
  replay: Replay,
  present: ReturnType<typeof createPresenter>,
): void {
  const labels = labelsOf(receipt.permitted).map((label) => say(labelText(label)));
  out(
    `${receipt.id}  ${receipt.at}  ${say(STAGES[receipt.stage])}: ${say(OUTCOMES[receipt.outcome], { labels: labels.join(', ') })}`,
  );
  for (const reason of receipt.reasons) out(`  ${present(reason, lang)}`);
  const versions = [...receipt.agreements, ...receipt.consents].map(({ id, version }) => `${id} v${version}`);
  out(`  ${versions.join(', ')}`);
  if (replay.outcome === 'impossible') out(`  ${say(IMPOSSIBLE, { what: replay.missing.join(', ') })}`);
  else out(`  ${say(replay.outcome === 'same' ? SAME : DIFFERENT)}`);
}
