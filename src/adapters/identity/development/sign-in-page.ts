import { createHash } from 'node:crypto';
import { say, type Lang, type Text } from '../../../kernel/i18n.js';
import type { StaffRole } from '../../../transfer/principal.js';
import type { DevelopmentUser } from './issuer.js';

const ROLE: Readonly<Record<StaffRole, Text>> = {
  caseworker: { en: 'casework', fr: 'accompagnement social' },
  'agreement-owner': { en: 'agreements', fr: 'conventions de partage' },
  'data-protection-officer': { en: 'data protection', fr: 'protection des données' },
  operator: { en: 'technical operation', fr: 'exploitation technique' },
};

const WORDS = {
  title: { en: 'Who would you like to be?', fr: 'Qui souhaitez-vous être ?' },
  note: {
    en: 'This is a demonstration: the people are invented and there is no password. A real installation uses your organization’s own sign-in.',
    fr: 'Ceci est une démonstration : les personnes sont fictives et il n’y a pas de mot de passe. Une installation réelle utilise la connexion de votre organisme.',
  },
  other: { en: 'Français', fr: 'English' },
} satisfies Readonly<Record<string, Text>>;

const STYLE = `
:root { color-scheme: light dark; font: 1.0625rem/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 34rem; padding: 2rem 1rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .5rem; }
p { margin: 0 0 1.5rem; }
ul { list-style: none; margin: 0; padding: 0; display: grid; gap: .75rem; }
button { all: unset; box-sizing: border-box; width: 100%; min-height: 3.5rem; padding: .75rem 1rem; cursor: pointer;
  border: 1px solid GrayText; border-radius: .5rem; }
button:hover { border-color: currentColor; }
button:focus-visible, a:focus-visible { outline: 3px solid Highlight; outline-offset: 2px; }
strong, span { display: block; }
nav { margin-top: 2rem; }
`;

/**
 * The list of demo users to click on. No script, no image, one style that the policy names by its hash.
 *
 * @param returnOrigin where the form's answer leads in the end; browsers check redirects against `form-action` too
 */
export function signInPage(
  users: readonly DevelopmentUser[],
  lang: Lang,
  returnOrigin: string,
): { readonly html: string; readonly contentSecurityPolicy: string } {
  const other: Lang = lang === 'fr' ? 'en' : 'fr';
  const rows = users.map((user) => {
    const known = user.roles.filter((role) => role in ROLE);
    const roles = known.map((role) => say(ROLE[role], lang)).join(', ');
    return `<li><form method="post"><button name="user" value="${escape(user.id)}"><strong>${escape(user.name)}</strong><span>${escape(user.organizationName)} · ${escape(roles)}</span></button></form></li>`;
  });
  const html = `<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(say(WORDS.title, lang))} · Relais</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escape(say(WORDS.title, lang))}</h1>
<p>${escape(say(WORDS.note, lang))}</p>
<ul>${rows.join('\n')}</ul>
</main>
<nav><a href="?lang=${other}" lang="${other}" hreflang="${other}">${escape(say(WORDS.other, lang))}</a></nav>
</body>
</html>
`;
  const styleHash = createHash('sha256').update(STYLE).digest('base64');
  const contentSecurityPolicy = [
    "default-src 'none'",
    `style-src 'sha256-${styleHash}'`,
    `form-action 'self' ${returnOrigin}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');
  return { html, contentSecurityPolicy };
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
