import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { notFound, RelaisError } from '../../kernel/errors.js';
import { isUuid } from '../../kernel/ids.js';
import { openOperation } from '../route.js';
import { readConsole } from './read-console.js';

/**
 * The page of the console: the same for everybody, on every address under `/console`; who is signed in and what they may
 * see comes from the API alone. Scripts and styles are files of this host; the nonce is for the variables of the theme,
 * which the kit writes as one style element (CSP Level 3 section 7.2.1). No inline script, no other host.
 */
export const showConsole = openOperation({
  group: 'site',
  id: 'showConsole',
  summary: { en: 'The console', fr: 'La console' },
  // Read by the page itself, not here.
  query: z.object({ lang: z.enum(['en', 'fr']).optional(), follows: z.string().refine(isUuid).optional() }),
  responses: {
    200: { description: { en: 'The page', fr: 'La page' }, mediaType: 'text/html; charset=utf-8' },
  },
  handle: () => {
    const built = readConsole();
    if (built === null) {
      throw new RelaisError('console.not-built', 503, 'transient', 'The console is not built here: npm run build.');
    }
    const nonce = randomBytes(18).toString('base64');
    const policy = [
      "default-src 'none'",
      "script-src 'self'",
      `style-src 'self' 'nonce-${nonce}'`,
      // React sets `style` through the object model, which the policy leaves alone; attributes in markup stay forbidden.
      "style-src-attr 'none'",
      "img-src 'self' data: blob:",
      "connect-src 'self'",
      "font-src 'self'",
      "form-action 'self'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ];
    return {
      status: 200,
      body: built.page.replaceAll('%CSP_NONCE%', nonce),
      headers: { 'content-security-policy': policy.join('; ') },
    };
  },
});

/** A file of the build. Its name holds a hash of its content, so a copy never grows old. */
export const showConsoleAsset = openOperation({
  group: 'site',
  id: 'showConsoleAsset',
  summary: { en: 'A file of the console', fr: 'Un fichier de la console' },
  params: z.object({ file: z.string().regex(/^[A-Za-z0-9._-]{1,120}$/) }),
  headers: z.object({ 'accept-encoding': z.string().optional() }),
  responses: { 200: { description: { en: 'The file', fr: 'Le fichier' } } },
  handle: ({ params: { file }, headers }) => {
    const asset = readConsole()?.assets.get(file);
    if (asset === undefined) throw notFound();
    const zipped = /(^|,)\s*gzip\s*(;|,|$)/.test(headers['accept-encoding'] ?? '');
    return {
      status: 200,
      body: zipped ? asset.gzip : asset.bytes,
      contentType: asset.contentType,
      headers: {
        'cache-control': 'public, max-age=31536000, immutable',
        vary: 'Accept-Encoding',
        ...(zipped && { 'content-encoding': 'gzip' }),
      },
    };
  },
});
