import { html, type Html } from '../../kernel/html.js';
import { say, type Lang, type Text } from '../../kernel/i18n.js';
import { readMail } from './read-mail.js';
import type { TakenMail } from './take-mail.js';

const TEXTS = {
  title: { en: 'Mailbox of Conseil Dettes', fr: 'Boîte aux lettres de Conseil Dettes' },
  other: { en: 'Français', fr: 'English' },
  what: {
    en: 'Conseil Dettes has no system: one person and a browser. This is what Relais mails to it. Only the demo has this page; in real life the notice arrives at the service’s own address.',
    fr: 'Conseil Dettes n’a pas de logiciel : une personne et un navigateur. Voici ce que Relais lui envoie par courriel. Cette page n’existe que dans la démonstration ; en vrai, l’avis arrive à l’adresse du service.',
  },
  how: { en: 'To play Conseil Dettes', fr: 'Pour jouer Conseil Dettes' },
  stepSend: {
    en: 'In the console, as Hélène, send Grace’s file to Conseil Dettes (debt advice). Grace withdrew her yes in the story: record a new one.',
    fr: 'Dans la console, en tant qu’Hélène, envoyez le dossier de Grace à Conseil Dettes (conseil en gestion de dettes). Dans l’histoire, Grace a retiré son accord : enregistrez-en un nouveau.',
  },
  stepLook: {
    en: 'Look again here and open the link of the notice.',
    fr: 'Actualisez cette page et ouvrez le lien de l’avis.',
  },
  stepCode: {
    en: 'The code comes another way: Hélène makes it on the page of the transfer and tells it by telephone. You are both: read it there.',
    fr: 'Le code arrive autrement : Hélène le crée sur la page du transfert et le donne par téléphone. Vous êtes les deux à la fois : lisez-le là-bas.',
  },
  stepAnswer: {
    en: 'Read, ask, accept or decline, and see the answer arrive at Hélène’s.',
    fr: 'Lisez, questionnez, acceptez ou déclinez, et voyez la réponse arriver chez Hélène.',
  },
  again: { en: 'Look again', fr: 'Actualiser' },
  console: { en: 'To the console', fr: 'Vers la console' },
  mails: { en: 'Received', fr: 'Reçus' },
  none: { en: 'Nothing has arrived yet.', fr: 'Rien n’est encore arrivé.' },
  to: { en: 'To', fr: 'À' },
} as const satisfies Record<string, Text>;

export const MAILBOX_STYLE = `:root{color-scheme:light dark;--ink:#17212d;--soft:#465363;--line:#c3ccd6;--ground:#fff;--panel:#f3f6f9;--accent:#0a5c5c}
@media (prefers-color-scheme:dark){:root{--ink:#e8edf3;--soft:#b3bfcd;--line:#425062;--ground:#11161d;--panel:#1a222c;--accent:#6fd2c8}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:17px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",Arial,sans-serif;overflow-wrap:anywhere}
a{color:var(--accent)}
a:focus-visible{outline:3px solid var(--accent);outline-offset:3px}
header,main{max-width:46rem;margin:0 auto;padding:1rem}
header{display:flex;justify-content:space-between;gap:1rem;align-items:center}
header p{margin:0;color:var(--soft)}
header a,.do a{display:inline-flex;min-height:44px;align-items:center}
h1{font-size:1.7rem;line-height:1.2;margin:0 0 .75rem}
h2{font-size:1.25rem;margin:2rem 0 .5rem}
h3{font-size:1.05rem;margin:0}
li{margin:.3rem 0}
.do{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem}
article{background:var(--panel);border:1px solid var(--line);border-radius:.6rem;padding:1rem;margin:0 0 1rem}
.meta{color:var(--soft);font-size:.95rem;margin:.15rem 0 .75rem}
.text{white-space:pre-line;margin:0}
`;

/** What came, the newest first, with its links to follow: for a visitor who plays the guest by hand. */
export function mailboxPage(mails: readonly TakenMail[], lang: Lang, publicUrl: string): string {
  const t = (line: keyof typeof TEXTS): string => say(TEXTS[line], lang);
  const other = lang === 'en' ? 'fr' : 'en';
  const page = html`<!doctype html>
    <html lang="${lang}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${t('title')} · Relais</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/style.css" />
      </head>
      <body>
        <header>
          <p>Relais</p>
          <a href="/?lang=${other}" lang="${other}" hreflang="${other}">${t('other')}</a>
        </header>
        <main>
          <h1>${t('title')}</h1>
          <p>${t('what')}</p>
          <h2>${t('how')}</h2>
          <ol>
            ${(['stepSend', 'stepLook', 'stepCode', 'stepAnswer'] as const).map((step) => html`<li>${t(step)}</li>`)}
          </ol>
          <p class="do"><a href="/?lang=${lang}">${t('again')}</a><a href="${publicUrl}/console">${t('console')}</a></p>
          <h2>${t('mails')} (${mails.length})</h2>
          ${mails.length === 0 ? html`<p>${t('none')}</p>` : mails.toReversed().map((mail) => oneMail(mail, lang, t('to')))}
        </main>
      </body>
    </html> `;
  return lang === 'fr' ? page.markup.replace(/ ([:;?!»])(?=[\s<]|$)/g, '\u00a0$1') : page.markup;
}

function oneMail({ to, data, at }: TakenMail, lang: Lang, label: string): Html {
  const { subject, text } = readMail(data);
  const when = new Intl.DateTimeFormat(lang === 'fr' ? 'fr-FR' : 'en-GB', {
    dateStyle: 'long',
    timeStyle: 'medium',
  }).format(new Date(at));
  return html`<article>
    <h3 dir="auto">${subject}</h3>
    <p class="meta">${label} ${to} · ${when}</p>
    <p class="text" dir="auto">${linked(text)}</p>
  </article> `;
}

/** Addresses in the text as links, like a mail program shows them. */
function linked(text: string): Html[] {
  return text
    .split(/(https?:\/\/[^\s<>"]+)/)
    .map((part, index) =>
      index % 2 === 0 ? html`${part}` : html`<a href="${part}" target="_blank" rel="noopener noreferrer">${part}</a>`,
    );
}
