import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import type { World } from '../../src/demo/start-world.js';

export interface SignedIn {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly faults: string[];
}
export interface OpenedConsole {
  readonly world: World;
  readonly agency: { control<T>(path: string, body?: unknown): Promise<T> };
  readonly call: <T>(method: string, path: string, options?: object) => Promise<T>;
  readonly browser: Browser;
  close(): Promise<void>;
  signIn(
    name: string,
    options?: { lang?: 'en' | 'fr'; width?: number; height?: number; path?: string } & BrowserContextOptions,
  ): Promise<SignedIn>;
}
export function findChromium(): string | null;
export function openConsole(options: { executablePath: string; lang?: 'en' | 'fr' }): Promise<OpenedConsole>;
export function violationsOf(page: Page): Promise<string[]>;
