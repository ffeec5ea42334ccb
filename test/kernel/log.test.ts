import { expect, test } from 'vitest';
import { createLog } from '../../src/kernel/log.js';

function lines(use: (log: ReturnType<typeof createLog>) => void): Record<string, unknown>[] {
  const written: string[] = [];
  use(createLog('info', (line) => written.push(line)));
  return written.map((line) => JSON.parse(line) as Record<string, unknown>);
}

test('an event keeps ids, codes and durations', () => {
  const [line] = lines((log) => log('delivery.done', { transferId: 't-1', durationMs: 12, code: 'ok' }));
  expect(line).toMatchObject({ event: 'delivery.done', transferId: 't-1', durationMs: 12, code: 'ok', level: 30 });
});

test('a field that is not named in the allow-list is dropped and counted', () => {
  const [line] = lines((log) => log('x', { familyName: 'Okafor', code: 'ok' }));
  expect(JSON.stringify(line)).not.toContain('Okafor');
  expect(line).toMatchObject({ code: 'ok', droppedFields: 1 });
});

test('text cannot hide in an allowed field', () => {
  const [line] = lines((log) => log('x', { code: 'Grace has depression', cause: 'a'.repeat(201) }));
  expect(JSON.stringify(line)).not.toContain('depression');
  expect(line).toMatchObject({ droppedFields: 2 });
});

test('a failure is a warning', () => {
  const [line] = lines((log) => log('delivery.failed', { code: 'timeout' }));
  expect(line).toMatchObject({ level: 40 });
});
