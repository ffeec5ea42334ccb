import type { JobKind } from '../../../src/adapters/queue/queue.js';

interface Row {
  readonly kind: JobKind;
  dueAt: number;
  enqueuedAt: number | null;
  done: boolean;
  leased: boolean;
}

/** The outbox of one test, in memory: the dispatch port's rules without SQL. */
export function memoryDispatch() {
  const rows = new Map<string, Row>();
  let broken = false;
  const check = (): void => {
    if (broken) throw Object.assign(new Error('down'), { code: '57P01' });
  };
  return {
    rows,
    add(kind: JobKind, id: string, dueInMs = 0): void {
      rows.set(id, { kind, dueAt: Date.now() + dueInMs, enqueuedAt: null, done: false, leased: false });
    },
    fail(value: boolean): void {
      broken = value;
    },
    undone: (): string[] => [...rows].filter(([, row]) => !row.done).map(([id]) => id),
    due: (): string[] => [...rows].filter(([, row]) => !row.done && row.enqueuedAt === null).map(([id]) => id),
    /** What a worker does: at most one delivery of each row. Returns false for a row that is done or claimed. */
    async deliver(id: string, work: () => Promise<void> = async () => undefined): Promise<boolean> {
      const row = rows.get(id);
      if (row === undefined || row.done || row.leased) return false;
      row.leased = true;
      await work();
      row.leased = false;
      row.done = true;
      return true;
    },
    async isAnyWaiting(kind: JobKind) {
      check();
      return [...rows.values()].some((row) => row.kind === kind && !row.done && row.enqueuedAt === null);
    },
    async takeDue(limit: number, kind?: JobKind) {
      check();
      const taken: { kind: JobKind; id: string }[] = [];
      for (const [id, row] of rows) {
        if (taken.length === limit) break;
        if (row.done || row.enqueuedAt !== null || row.dueAt > Date.now()) continue;
        if (kind !== undefined && row.kind !== kind) continue;
        row.enqueuedAt = Date.now();
        taken.push({ kind: row.kind, id });
      }
      return taken;
    },
    async putBack(ids: readonly string[]) {
      check();
      for (const id of ids) {
        const row = rows.get(id);
        if (row !== undefined) row.enqueuedAt = null;
      }
    },
    async reopenLost(olderThanMs: number) {
      check();
      let count = 0;
      for (const row of rows.values()) {
        if (row.done || row.leased || row.enqueuedAt === null || row.enqueuedAt > Date.now() - olderThanMs) continue;
        row.enqueuedAt = null;
        count += 1;
      }
      return count;
    },
    async nextDueInMs(kind?: JobKind) {
      check();
      const waits = [...rows.values()]
        .filter((row) => !row.done && row.enqueuedAt === null && (kind === undefined || row.kind === kind))
        .map((row) => Math.max(row.dueAt - Date.now(), 0));
      return waits.length === 0 ? null : Math.min(...waits);
    },
  };
}
