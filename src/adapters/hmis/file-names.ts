import { RelaisError } from '../../kernel/errors.js';

export function isCsvName(name: string): boolean {
  return name.toLowerCase().endsWith('.csv');
}

/** `Client.csv` and `CLIENT.CSV` are the same file: which of them would count? */
export function refuseDuplicates(names: readonly string[]): void {
  if (new Set(names.map((name) => name.toLowerCase())).size === names.length) return;
  throw new RelaisError(
    'hmis.duplicate-file',
    422,
    'duplicate',
    'The export holds the same file twice; nothing was imported.',
  );
}
