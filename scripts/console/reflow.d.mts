import type { Page } from 'playwright-core';

export const ZOOMED: { readonly width: number; readonly height: number; readonly deviceScaleFactor: number };
export function reflowFaults(page: Page): Promise<string[]>;
