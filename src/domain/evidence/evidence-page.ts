import { html, type Html } from '../../kernel/html.js';
import type { Lang, Text } from '../../kernel/i18n.js';
import { readCheckpoint } from '../audit/checkpoint.js';
import type { ProvenEntry } from '../audit/proven-entry.js';
import { PURPOSES, isPurpose } from '../decision/purpose.js';
import { labelText } from '../labels/label-texts.js';
import { labelsOf } from '../labels/labels.js';
import { name, paper } from '../paper/paper.js';
import type { DecisionsFile, ReceiptFile, TransferFile } from './pack.js';

const TEXTS = {
  title: { en: 'Evidence of transfer {reference}', fr: 'Preuves du transfert {reference}' },
  lead: {
    en: 'What was asked, what was decided, what left and what arrived, with what proves it. This page repeats the files beside it in words; they are what counts.',
    fr: 'Ce qui a été demandé, décidé, ce qui est parti et arrivé, avec ce qui le prouve. Cette page redit en mots les fichiers qui l’accompagnent ; ce sont eux qui font foi.',
  },
  made: { en: 'Made at', fr: 'Établi à' },
  what: { en: 'The transfer', fr: 'Le transfert' },
  sender: { en: 'From', fr: 'De' },
  recipient: { en: 'To', fr: 'À' },
  purpose: { en: 'Purpose', fr: 'Finalité' },
  state: { en: 'State', fr: 'État' },
  asked: { en: 'Asked at', fr: 'Demandé à' },
  delivered: { en: 'Received at', fr: 'Reçu à' },
  labels: { en: 'Kinds of data permitted', fr: 'Catégories de données autorisées' },
  withheld: { en: 'Elements kept back', fr: 'Éléments retenus' },
  basis: { en: 'Data-protection basis', fr: 'Base légale (protection des données)' },
  secrecy: { en: 'Secrecy ground', fr: 'Fondement au regard du secret' },
  agreement: { en: 'Agreement, version', fr: 'Convention, version' },
  consents: { en: 'Consents, version', fr: 'Consentements, version' },
  digest: { en: 'SHA-256 of what was sent', fr: 'SHA-256 de ce qui a été envoyé' },
  content: { en: 'Content', fr: 'Contenu' },
  inside: { en: 'bundle.json, in this pack', fr: 'bundle.json, dans ce dossier' },
  outside: { en: 'not in this pack; its digest is', fr: 'absent de ce dossier ; son empreinte y est' },
  decisions: { en: 'Decisions', fr: 'Décisions' },
  stage: { en: 'When', fr: 'Moment' },
  outcome: { en: 'Outcome', fr: 'Décision' },
  reasons: { en: 'Reasons', fr: 'Raisons' },
  receipt: { en: 'The recipient’s receipt', fr: 'L’accusé de réception du destinataire' },
  noReceipt: { en: 'There is none.', fr: 'Il n’y en a pas.' },
  status: { en: 'Status of the answer', fr: 'Statut de la réponse' },
  answer: { en: 'SHA-256 of the answer', fr: 'SHA-256 de la réponse' },
  log: { en: 'What the log says', fr: 'Ce que dit le journal' },
  number: { en: 'No', fr: 'N°' },
  at: { en: 'At (UTC)', fr: 'À (UTC)' },
  action: { en: 'What', fr: 'Quoi' },
  checkpoint: { en: 'Signed checkpoint: entries, root', fr: 'Point de contrôle signé : entrées, racine' },
  signature: { en: 'Signature over the bytes', fr: 'Signature des octets' },
  check: { en: 'To check it', fr: 'Pour vérifier' },
  how: {
    en: 'Without any database: relais evidence verify <file> --key <public keys>. Ask the sender for its public keys by another way than this file: a key inside it proves that the pack is whole, not whose it is.',
    fr: 'Sans aucune base de données : relais evidence verify <fichier> --key <clés publiques>. Demandez les clés publiques à l’expéditeur par un autre moyen que ce fichier : une clé contenue ici prouve que le dossier est entier, non de qui il vient.',
  },
} as const satisfies Record<string, Text>;

const STAGES: Readonly<Record<string, Text>> = {
  preview: { en: 'preview', fr: 'aperçu' },
  request: { en: 'request', fr: 'demande' },
  delivery: { en: 'right before sending', fr: 'juste avant l’envoi' },
};
const OUTCOMES: Readonly<Record<'permit' | 'deny', Text>> = {
  permit: { en: 'permitted', fr: 'autorisé' },
  deny: { en: 'refused', fr: 'refusé' },
};

/** The first file of a pack: readable by itself, printable, and it opens from a disk without anything else. */
export function evidencePage(told: {
  readonly transfer: TransferFile;
  readonly decisions: DecisionsFile;
  readonly receipt: ReceiptFile | null;
  readonly proofs: { readonly checkpoint: string; readonly entries: readonly ProvenEntry[] };
  readonly signature: string | null;
  readonly madeAt: string;
  readonly content: boolean;
  readonly lang: Lang;
}): string {
  const { transfer, decisions, receipt, proofs, lang } = told;
  const t = (text: keyof typeof TEXTS): string => TEXTS[text][lang];
  const field = (label: keyof typeof TEXTS, value: Html | string | number | null): Html | null =>
    value === null
      ? null
      : html`<dt>${t(label)}</dt>
          <dd>${value}</dd>`;
  const code = (text: string): Html => html`<code>${text}</code>`;
  const title = TEXTS.title[lang].replace('{reference}', transfer.reference);
  const checkpoint = readCheckpoint(proofs.checkpoint);
  const secrecy = transfer.ground?.secrecy;
  const consents = (secrecy?.['consents'] ?? []) as readonly { id: string; version: number }[];
  return paper({
    lang,
    title,
    style: 'inside',
    heading: html`${name(transfer.sender.name)}<br />${t('made')} ${told.madeAt}`,
    main: html`<h1>${title}</h1>
      <p class="lead">${t('lead')}</p>
      <h2>${t('what')}</h2>
      <dl>
        ${field('sender', name(transfer.sender.name))} ${field('recipient', name(transfer.recipient.name))}
        ${field('purpose', isPurpose(transfer.purpose) ? PURPOSES[transfer.purpose].text[lang] : transfer.purpose)}
        ${field('state', transfer.status)} ${field('asked', transfer.requestedAt)}
        ${field('delivered', transfer.deliveredAt)}
        ${field(
          'labels',
          labelsOf(transfer.permitted)
            .map((label) => labelText(label)[lang])
            .join(', '),
        )}
        ${field('withheld', transfer.withheldElements)} ${field('basis', transfer.ground?.dataProtectionBasis ?? null)}
        ${field('secrecy', secrecy?.kind ?? null)}
        ${field('agreement', transfer.agreement && code(`${transfer.agreement.id}, ${transfer.agreement.version}`))}
        ${consents.length > 0 && field('consents', html`${consents.map((one) => html`${code(`${one.id}, ${one.version}`)}<br />`)}`)}
        ${field('digest', transfer.digest && code(transfer.digest))}
        ${field('content', told.content ? t('inside') : t('outside'))}
      </dl>
      <h2>${t('decisions')}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">${t('at')}</th>
            <th scope="col">${t('stage')}</th>
            <th scope="col">${t('outcome')}</th>
            <th scope="col">${t('reasons')}</th>
          </tr>
        </thead>
        <tbody>
          ${decisions.map(
            ({ at, stage, outcome, reasons }) =>
              html`<tr>
                <td>${at}</td>
                <td>${STAGES[stage]?.[lang] ?? stage}</td>
                <td>${OUTCOMES[outcome][lang]}</td>
                <td>${reasons.map((reason) => reason.code).join(', ')}</td>
              </tr>`,
          )}
        </tbody>
      </table>
      <h2>${t('receipt')}</h2>
      ${
        receipt === null
          ? html`<p>${t('noReceipt')}</p>`
          : html`<dl>
              ${field('delivered', receipt.receivedAt)} ${field('status', receipt.status)}
              ${field('answer', code(receipt.digest))}
            </dl>`
      }
      <h2>${t('log')}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">${t('number')}</th>
            <th scope="col">${t('at')}</th>
            <th scope="col">${t('action')}</th>
            <th scope="col">${t('outcome')}</th>
          </tr>
        </thead>
        <tbody>
          ${proofs.entries.map(
            ({ seq, entry }) =>
              html`<tr>
                <td>${seq}</td>
                <td>${entry.at}</td>
                <td><code>${entry.action}</code></td>
                <td>${entry.outcome}</td>
              </tr>`,
          )}
        </tbody>
      </table>
      <dl>
        ${field('checkpoint', checkpoint && html`${checkpoint.size}, ${code(checkpoint.root.toString('base64'))}`)}
        ${field('signature', told.signature && code(told.signature))}
      </dl>
      <h2>${t('check')}</h2>
      <p>${t('how')}</p>`,
  });
}
