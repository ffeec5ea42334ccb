// npm run faults -- --seed S --injections N [--partner URL]: breaks things under real processes and counts what was lost,
// doubled, sent without a decision or not audited. docs/faults.md says what is done; the last line is JSON.
import { ensure, root } from './ensure.mjs';

await ensure({ build: true });
const { run } = await import('../faults/run.mjs');
process.exit(await run(process.argv.slice(2), root));
