import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(process.env['RELAIS_SHARED_DATA'] ?? join(import.meta.dirname, '../../../shared/data'));

/** A path in the shared public test data; null on a clone without it. */
export const sharedData = (...path: string[]): string | null => {
  const found = join(root, ...path);
  return existsSync(found) ? found : null;
};
