import type { Text } from '../../kernel/i18n.js';
import { openOperation } from '../route.js';
import { html } from '../../kernel/html.js';
import { page, pageQuery, PAGE } from './page.js';

const TEXTS = {
  title: { en: 'Relais passes records on, with consent', fr: 'Relais transmet des dossiers, avec consentement' },
  lead: {
    en: 'A person’s record goes from one service to another: social, health, housing. On a recorded ground, under an agreement, in the standard each side speaks, with a trail that the person can read.',
    fr: 'Le dossier d’une personne passe d’un service à un autre : social, santé, logement. Sur un fondement consigné, sous convention, dans la norme que parle chacun, avec une trace que la personne peut lire.',
  },
  docs: { en: 'Read the API documentation', fr: 'Lire la documentation de l’API' },
  signIn: { en: 'Sign in', fr: 'Se connecter' },
  steps: { en: 'How a transfer goes', fr: 'Comment se passe un transfert' },
} as const satisfies Record<string, Text>;

const STEPS: readonly { readonly title: Text; readonly text: Text }[] = [
  {
    title: { en: 'Decide', fr: 'Décider' },
    text: {
      en: 'Agreement, ground, purpose, recipient, time: looked at before the record is opened. A refusal says why.',
      fr: 'Convention, fondement, finalité, destinataire, moment : examinés avant d’ouvrir le dossier. Un refus dit pourquoi.',
    },
  },
  {
    title: { en: 'Take out', fr: 'Occulter' },
    text: {
      en: 'What no rule allows does not leave. Working notes never do.',
      fr: 'Ce qu’aucune règle ne permet ne part pas. Les notes de travail, jamais.',
    },
  },
  {
    title: { en: 'Deliver', fr: 'Remettre' },
    text: {
      en: 'Decided again at the moment of sending. A withdrawal stops what waits.',
      fr: 'La décision est reprise au moment de l’envoi. Un retrait arrête ce qui attend.',
    },
  },
  {
    title: { en: 'Prove', fr: 'Prouver' },
    text: {
      en: 'Receipt, log, and the report of who received what. The content is deleted, the proof stays.',
      fr: 'Accusé de réception, journal, relevé de qui a reçu quoi. Le contenu est supprimé, la preuve reste.',
    },
  },
];

export const showLanding = openOperation({
  group: 'site',
  id: 'showLanding',
  summary: { en: 'First page', fr: 'Première page' },
  query: pageQuery,
  responses: PAGE,
  handle: ({ query, lang: asked }, { signIn }) => {
    const lang = query.lang ?? asked;
    return page({
      lang,
      path: '/',
      title: 'Relais',
      main: html`<section class="hero">
          <h1>${TEXTS.title[lang]}</h1>
          <p class="lead">${TEXTS.lead[lang]}</p>
          <p class="actions">
            <a class="button" href="/docs?lang=${lang}">${TEXTS.docs[lang]}</a>${
              signIn === null
                ? null
                : html`<a class="button quiet" href="/signin?returnTo=%2Fconsole">${TEXTS.signIn[lang]}</a>`
            }
          </p>
        </section>
        <h2>${TEXTS.steps[lang]}</h2>
        <ol class="steps">
          ${STEPS.map(
            ({ title, text }) =>
              html`<li>
                <h3>${title[lang]}</h3>
                <p>${text[lang]}</p>
              </li> `,
          )}
        </ol>`,
    });
  },
});
