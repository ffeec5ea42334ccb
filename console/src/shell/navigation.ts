import type { Caller } from '../api/views.js';
import { paths } from '../paths.js';

interface Entry {
  readonly to: string;
  readonly label: 'nav.worklist' | 'nav.find';
  readonly end?: boolean;
}

/** What the bar offers: only what the roles may open. */
export function entriesFor(roles: Caller['roles']): readonly Entry[] {
  const entries: Entry[] = [];
  if (roles.includes('caseworker')) {
    entries.push({ to: paths.worklist, label: 'nav.worklist', end: true }, { to: paths.find, label: 'nav.find' });
  }
  return entries;
}
