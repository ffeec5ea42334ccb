import { mergeConfig } from 'vitest/config';
import base from './vitest.config.js';

/** `npm run test:browser`: real pages in a real browser. They need Chromium, which `npm test` does not; one at a time. */
export default mergeConfig(
  { ...base, test: { ...base.test, include: [], exclude: [] } },
  { test: { include: ['test/browser/**/*.test.ts'], maxWorkers: 1 } },
);
