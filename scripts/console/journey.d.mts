import type { OpenedConsole } from './browser.mjs';

export function playJourney(
  console: OpenedConsole,
  lang: 'en' | 'fr',
): Promise<{
  clicks: number;
  estimatedSeconds: number;
  parts: string;
  axeViolations: string[];
  routeKbGzip: number;
  faults: string[];
  transferId: string;
}>;
