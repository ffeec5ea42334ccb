import type { PackName } from '../../domain/mapping/compile-pack.js';
import { runnable, type Runnable } from '../../domain/mapping/run/runnable.js';
import { loadCompiledMapping } from './load-mapping.js';
import { loadTracedMapping } from './load-trace.js';

/**
 * Loads a shipped mapping with its trace build, ready to run on a record that somebody brings along.
 *
 * @throws RelaisError 500 `mapping.not-built`, `mapping.out-of-date`
 */
export async function loadRunnable(root: string, name: PackName): Promise<Runnable> {
  const [compiled, traced] = await Promise.all([loadCompiledMapping(root, name), loadTracedMapping(root, name)]);
  return runnable(name, compiled, traced);
}
