import type { OpenedConsole } from './browser.mjs';

export interface Seeded {
  readonly personId: string;
  readonly entryId: string;
  readonly sentId: string;
  readonly askedId: string;
  readonly acceptedId: string;
  readonly takenId: string;
  readonly guestId: string;
  readonly guestUrl: string;
}
export function seedPages(console: OpenedConsole): Promise<Seeded>;
