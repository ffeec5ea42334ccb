import type { IncomingMessage } from 'node:http';
import { RelaisError } from '../../kernel/errors.js';

const MAX_URL_CHARACTERS = 4096;
const MAX_QUERY_PARAMETERS = 32;
export const MAX_HEADERS = 100;

/** Names that would mean something else as properties of an object. */
const RESERVED_NAMES = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * What no route ever needs, refused before anybody is asked who they are: it costs nothing to find.
 *
 * @throws RelaisError 414 `request.url-too-long`, 400 `request.url-invalid`, `request.too-many-parameters`,
 * `request.too-many-headers`, `request.header-name`
 */
export function checkRequest(request: IncomingMessage): void {
  const url = request.url ?? '/';
  if (url.length > MAX_URL_CHARACTERS) {
    throw new RelaisError('request.url-too-long', 414, 'too-long', 'The address is longer than 4096 characters.');
  }
  const queryAt = url.indexOf('?');
  if (queryAt !== -1 && url.slice(queryAt).split('&').length > MAX_QUERY_PARAMETERS) {
    throw new RelaisError('request.too-many-parameters', 400, 'too-long', 'A query has at most 32 parameters.');
  }
  if (!url.startsWith('/') || !isDecodable(url)) {
    throw new RelaisError('request.url-invalid', 400, 'structure', 'The address is not well formed.');
  }
  // The parser keeps no more than this many and drops the rest in silence: nobody may hide one behind the limit.
  if (request.rawHeaders.length >= MAX_HEADERS * 2) {
    throw new RelaisError('request.too-many-headers', 400, 'too-long', 'The request has too many headers.');
  }
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    if (RESERVED_NAMES.has((request.rawHeaders[index] ?? '').toLowerCase())) {
      throw new RelaisError('request.header-name', 400, 'structure', 'A header has a reserved name.');
    }
  }
}

function isDecodable(url: string): boolean {
  try {
    return !decodeURIComponent(url).includes('\0');
  } catch {
    return false;
  }
}
