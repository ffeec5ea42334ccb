import type { Page } from 'playwright-core';
import type { OpenedConsole } from './browser.mjs';
import type { Seeded } from './seed.mjs';

export type ConsolePage = readonly [name: string, who: string, path: string, then?: (page: Page) => Promise<unknown>];
type WrittenPage = readonly [name: string, who: string | null, path: string];
export function consolePages(seeded: Seeded): readonly ConsolePage[];
export function writtenPages(seeded: Seeded): readonly WrittenPage[];
export function visitLinks(
  console: OpenedConsole,
  seeded: Seeded,
  options: {
    readonly page: Page;
    readonly lang: 'en' | 'fr';
    readonly look: (page: Page, name: string) => Promise<void>;
  },
): Promise<void>;
