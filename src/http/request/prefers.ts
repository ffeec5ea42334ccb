/**
 * True when a caller's Accept header (RFC 9110 section 12.5.1) names this media type and names no other of those that an
 * operation has with a higher quality. Wildcards ask for what the operation gives anyway.
 */
export function prefers(mediaType: string, accept: string | undefined, usual = 'application/json'): boolean {
  const quality = qualityOf(mediaType, accept);
  return quality > 0 && quality >= qualityOf(usual, accept);
}

function qualityOf(mediaType: string, accept = ''): number {
  for (const range of accept.slice(0, 1000).split(',')) {
    const [type = '', ...parameters] = range.trim().toLowerCase().split(';');
    if (type.trim() !== mediaType) continue;
    const given = parameters.map((parameter) => /^\s*q=([01](?:\.\d{0,3})?)\s*$/.exec(parameter)?.[1]).find(Boolean);
    return given === undefined ? 1 : Number(given);
  }
  return 0;
}
