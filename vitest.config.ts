import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Minutes of servers that crash and are restored, and of a browser: `npm run test:operations`, `npm run test:browser`, and in CI.
    exclude: ['test/operations/**', 'test/browser/**'],
    globalSetup: ['test/support/global-setup.ts'],
    pool: 'forks',
    // Two more than the cores of a small machine: the stories wait for processes and leases most of their time.
    maxWorkers: 4,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
