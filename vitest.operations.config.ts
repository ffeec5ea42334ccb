import { mergeConfig } from 'vitest/config';
import base from './vitest.config.js';

/** `npm run test:operations`: full disks, restores and other days that an operator hopes not to have; one at a time. */
export default mergeConfig(
  { ...base, test: { ...base.test, include: [], exclude: [] } },
  { test: { include: ['test/operations/**/*.test.ts'], maxWorkers: 1 } },
);
