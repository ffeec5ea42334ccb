import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const pages = [
  'README.md',
  'CHANGELOG.md',
  'NOTICE',
  'mappings/README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
];

describe('the documentation', () => {
  test.each(pages)('%s links to what exists', (page) => {
    const text = readFileSync(join(root, page), 'utf8');
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target ?? '');
    const missing = links
      .filter((target) => !/^(https?:|mailto:|#)/.test(target))
      .filter((target) => !existsSync(normalize(join(root, dirname(page), target.split('#')[0] ?? ''))));
    expect(missing).toEqual([]);
  });

  test('the life of a transfer names every step of the story', () => {
    const text = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
    const steps = readdirSync(join(root, 'src/transfer')).filter((file) =>
      /^(request|map|redact|pin|deliver|withdraw|update|disclosure)-/.test(file),
    );
    expect(steps.length).toBeGreaterThan(6);
    for (const step of steps) expect(text).toContain(`src/transfer/${step}`);
  });

  test('every dependency is explained', () => {
    const text = readFileSync(join(root, 'docs/dependencies.md'), 'utf8');
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
      devDependencies: Record<string, string>;
    };
    const named = (name: string): boolean =>
      text.includes(name) || (name.startsWith('@types/') && text.includes('@types/*'));
    expect(Object.keys({ ...dependencies, ...devDependencies }).filter((name) => !named(name))).toEqual([]);
    for (const version of Object.values({ ...dependencies, ...devDependencies }))
      expect(version).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
  });

  test('no address of where a package came from and no path of a machine is written down', () => {
    const files = ['package.json', 'package-lock.json', 'README.md', 'Dockerfile', 'compose.yaml', '.ci/run', ...pages];
    for (const file of files) {
      const text = readFileSync(join(root, file), 'utf8');
      expect(text).not.toMatch(/"resolved":/);
      expect(text).not.toMatch(/(^|[\s"'(])\/(work|root|home\/\w+)\//);
    }
  });
});
