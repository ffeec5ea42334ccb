import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The stories first: they wait for processes and leases a minute long, and nobody should wait for them alone at the end. */
class StoriesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isStory = ({ moduleId }: TestSpecification): boolean => moduleId.includes('/test/story/');
    return [...sorted.filter(isStory), ...sorted.filter((file) => !isStory(file))];
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Minutes of servers that crash and are restored, and of a browser: `npm run test:operations`, `npm run test:browser`, and in CI.
    exclude: ['test/operations/**', 'test/browser/**'],
    globalSetup: ['test/support/global-setup.ts'],
    pool: 'forks',
    // A worker reads the project's modules once, and not again for each of two hundred files: two fifths of the time. So no file
    // leaves anything behind in a module: what it stubs it puts back, what it opens ends with its test.
    isolate: false,
    // Two more than the cores of a small machine: the stories wait for processes and leases most of their time.
    maxWorkers: 4,
    sequence: { sequencer: StoriesFirst },
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
