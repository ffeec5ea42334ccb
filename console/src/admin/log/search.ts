/** What is looked for in the log, as it is typed. */
export interface LogSearch {
  readonly when: 'any' | 'on' | 'since' | 'until';
  /** `YYYY-MM-DD` */
  readonly day: string;
  readonly id: string;
}
export const EVERYTHING: LogSearch = { when: 'any', day: '', id: '' };

const PREFIX = { on: 'eq', since: 'ge', until: 'le' } as const;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
export const PAGE_SIZE = 50;

export function wrongIn({ when, day, id }: LogSearch): readonly ('day' | 'id')[] {
  return [
    ...(when !== 'any' && day === '' ? (['day'] as const) : []),
    ...(id.trim() !== '' && !UUID.test(id.trim()) ? (['id'] as const) : []),
  ];
}

/** The FHIR search; ids and dates alone. Pure. */
export function addressOf({ when, day, id }: LogSearch): string {
  const asked = new URLSearchParams({ _count: String(PAGE_SIZE) });
  if (when !== 'any') asked.set('date', `${PREFIX[when]}${day}`);
  if (id.trim() !== '') asked.set('entity', id.trim().toLowerCase());
  return `/fhir/AuditEvent?${asked.toString()}`;
}

/** Of the link `next` the path and question alone: it is asked where the page comes from. */
export function nextPage(links: readonly { readonly relation: string; readonly url: string }[] = []): string | null {
  const next = links.find(({ relation }) => relation === 'next');
  if (next === undefined) return null;
  const { pathname, search } = new URL(next.url);
  return pathname + search;
}
