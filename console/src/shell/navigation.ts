import type { Caller } from '../api/views.js';
import { paths } from '../paths.js';
import type { shell } from '../texts/en/shell.js';

interface Entry {
  readonly to: string;
  readonly label: `nav.${keyof typeof shell.nav}`;
  readonly end?: boolean;
}

/** What the bar offers: only what the roles may open. */
export function entriesFor(roles: Caller['roles']): readonly Entry[] {
  const entries: Entry[] = [];
  if (roles.includes('caseworker')) {
    entries.push({ to: paths.worklist, label: 'nav.worklist', end: true }, { to: paths.find, label: 'nav.find' });
  }
  entries.push(...ADMIN.filter(({ of }) => of.some((role) => roles.includes(role))));
  return entries.filter(({ to }, index) => entries.findIndex((one) => one.to === to) === index);
}

/** Which of the admin's pages a role may open; the gateway decides the same again on every call. */
const ADMIN: readonly (Entry & { readonly of: Caller['roles'] })[] = [
  { to: paths.oversight, label: 'nav.oversight', of: ['data-protection-officer'] },
  { to: paths.deliveries, label: 'nav.deliveries', of: ['operator'] },
  { to: paths.partners, label: 'nav.partners', of: ['operator'] },
  { to: paths.agreements, label: 'nav.agreements', of: ['agreement-owner', 'data-protection-officer'] },
  { to: paths.oversight, label: 'nav.oversight', of: ['agreement-owner'] },
  { to: paths.log, label: 'nav.log', of: ['data-protection-officer', 'operator'] },
  { to: paths.register, label: 'nav.register', of: ['agreement-owner', 'data-protection-officer'] },
  { to: paths.figures, label: 'nav.figures', of: ['data-protection-officer', 'operator'] },
  { to: paths.mapping, label: 'nav.mapping', of: ['agreement-owner', 'data-protection-officer', 'operator'] },
];

/** Where each role's work is. */
export function homeOf(roles: Caller['roles']): string {
  return entriesFor(roles)[0]?.to ?? paths.mapping;
}
