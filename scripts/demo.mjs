// npm run demo [-- --lang en|fr] [--once] [--port n]
import { ensure, root } from './ensure.mjs';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';

await ensure({ build: true });
await import(pathToFileURL(join(root, 'dist/demo/demo.js')).href);
