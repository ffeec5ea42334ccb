import type pg from 'pg';
import { RelaisError } from '../../../kernel/errors.js';
import type { Log } from '../../../kernel/log.js';
import { isUuid, type OrganizationId, type TransferId } from '../../../kernel/ids.js';
import type { Change, ChangeFeed, ChangeListener } from '../../../transfer/desk-ports.js';
import { acrossOrganizations } from '../connection/in-organization.js';

/** How far back each look goes: what was written a while before it was committed is seen all the same. */
const WINDOW_SECONDS = 30;
/** More than that at once is told as one. */
const MOST_EVENTS = 200;

interface Watched {
  readonly listeners: Set<ChangeListener>;
  /** Positions of the events of the last looks: what is in it was told. */
  told: ReadonlySet<string>;
}

/**
 * Tells who listens that a transfer of an organization changed: one look at the newest events, every so often, for all
 * organizations that somebody listens for, and none while nobody does. Row level security decides what each of them may
 * know of, as for everything else.
 *
 * A database that did not answer for a while may have told of things that were not looked at: then everything counts as
 * changed.
 *
 * @param pool connections that act as relais_app
 */
export function createChangeFeed({
  pool,
  log,
  everyMs = 1_500,
}: {
  readonly pool: pg.Pool;
  readonly log: Log;
  readonly everyMs?: number;
}): ChangeFeed {
  const watched = new Map<OrganizationId, Watched>();
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> = Promise.resolve();
  let lookedAtMs = 0;
  let isClosed = false;

  /** One after the other: a look that takes long is not overtaken by the next. */
  function look(): Promise<void> {
    looking = looking.then(lookNow, lookNow);
    return looking;
  }

  async function lookNow(): Promise<void> {
    const startedMs = performance.now();
    const hasGap = startedMs - lookedAtMs > (WINDOW_SECONDS * 1000) / 2;
    const organizations = [...watched.keys()];
    const found = organizations.length === 0 ? [] : await newestEvents(pool, organizations);
    for (const [index, organizationId] of organizations.entries()) {
      const one = watched.get(organizationId);
      if (one === undefined) continue;
      const { fresh, positions } = sift(found[index] ?? [], one.told);
      if (hasGap) tellAll(one, [{ kind: 'worklist' }]);
      else tellAll(one, fresh);
      one.told = positions;
    }
    lookedAtMs = startedMs;
  }

  function schedule(): void {
    if (timer !== undefined || watched.size === 0 || isClosed) return;
    timer = setTimeout(() => {
      look()
        .catch(() => log('events.look-failed'))
        .finally(() => {
          timer = undefined;
          schedule();
        });
    }, everyMs);
    timer.unref();
  }

  function leave(organizationId: OrganizationId, listener: ChangeListener): void {
    const one = watched.get(organizationId);
    one?.listeners.delete(listener);
    if (one?.listeners.size === 0) watched.delete(organizationId);
    if (watched.size > 0) return;
    clearTimeout(timer);
    timer = undefined;
  }

  return {
    async listen(organizationId, listener) {
      let one = watched.get(organizationId);
      if (one === undefined) {
        // What is there already is no news.
        const [events = []] = await newestEvents(pool, [organizationId]);
        one = watched.get(organizationId) ?? { listeners: new Set(), told: sift(events, new Set()).positions };
        if (watched.size === 0) lookedAtMs = performance.now();
        watched.set(organizationId, one);
      }
      // Asked for while it was closing: there is nobody left to tell.
      if (isClosed) throw unavailable();
      one.listeners.add(listener);
      schedule();
      return () => leave(organizationId, listener);
    },
    async close() {
      isClosed = true;
      clearTimeout(timer);
      const listeners = [...watched.values()].flatMap((one) => [...one.listeners]);
      watched.clear();
      for (const { ended } of listeners) ended();
      await looking.catch(() => undefined);
    },
  };
}

function unavailable(): RelaisError {
  return new RelaisError('events.closing', 503, 'transient', 'This gateway is about to stop: ask again.', {
    retryAfterSeconds: 1,
  });
}

interface EventRow {
  readonly position: string;
  readonly transfer_id: TransferId;
}

function sift(
  events: readonly EventRow[],
  told: ReadonlySet<string>,
): { readonly fresh: readonly Change[]; readonly positions: ReadonlySet<string> } {
  const untold = events.filter(({ position }) => !told.has(position));
  const ids = [...new Set(untold.map(({ transfer_id: id }) => id))];
  const fresh: Change[] =
    events.length >= MOST_EVENTS && untold.length > 0
      ? [{ kind: 'worklist' }]
      : ids.map((id) => ({ kind: 'transfer', id }));
  return { fresh, positions: new Set(events.map(({ position }) => position)) };
}

function tellAll({ listeners }: Watched, changes: readonly Change[]): void {
  for (const change of changes) for (const { changed } of [...listeners]) changed(change);
}

/** The newest events of each organization, in one message: each is looked at as that organization sees it. */
async function newestEvents(
  pool: pg.Pool,
  organizations: readonly OrganizationId[],
): Promise<readonly (readonly EventRow[])[]> {
  // They are written into the statement, where parameters are not possible.
  const known = organizations.filter(isUuid);
  const since = `at > now() - interval '${WINDOW_SECONDS} seconds' order by at desc limit ${MOST_EVENTS}`;
  const text = known
    .map(
      (id) => `
        select set_config('relais.organization', '${id}', true);
        (select position::text, transfer_id from transfer_event where sender_organization_id = '${id}' and ${since})
        union all
        (select position::text, transfer_id from transfer_event
          where recipient_organization_id = '${id}' and sender_organization_id <> '${id}' and shared and ${since})
        union all
        (select extract(epoch from code_asked_at) || '/' || id, transfer_id from access_link
          where organization_id = '${id}' and code_asked_at > now() - interval '${WINDOW_SECONDS} seconds' limit ${MOST_EVENTS})`,
    )
    .join(';');
  return acrossOrganizations(pool, async (client) => {
    const results = (await client.query(text)) as unknown as readonly pg.QueryResult<EventRow>[];
    return results.filter((_result, index) => index % 2 === 1).map(({ rows }) => rows);
  });
}
