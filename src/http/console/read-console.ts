import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

/** One file of the built console, as it goes over the wire. */
export interface ConsoleAsset {
  readonly contentType: string;
  readonly bytes: Buffer;
  readonly gzip: Buffer;
}

export interface BuiltConsole {
  /** The one page, with `%CSP_NONCE%` where each answer puts its own nonce. */
  readonly page: string;
  /** By file name; the name holds a hash of the content. */
  readonly assets: ReadonlyMap<string, ConsoleAsset>;
}

/** Sources and build lie equally deep below the root of the project. */
const FOLDER = fileURLToPath(new URL('../../../generated/console/', import.meta.url));
const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

let built: BuiltConsole | null | undefined;

/** The console as `npm run build` left it, read once; null where it was not built. */
export function readConsole(): BuiltConsole | null {
  if (built === undefined) built = load();
  return built;
}

function load(): BuiltConsole | null {
  let page: string;
  try {
    page = readFileSync(join(FOLDER, 'index.html'), 'utf8');
  } catch {
    return null;
  }
  const assets = new Map<string, ConsoleAsset>();
  for (const name of readdirSync(join(FOLDER, 'assets'))) {
    const contentType = TYPES[extname(name)];
    if (contentType === undefined) continue;
    const bytes = readFileSync(join(FOLDER, 'assets', name));
    assets.set(name, { contentType, bytes, gzip: gzipSync(bytes, { level: 9 }) });
  }
  return { page, assets };
}
