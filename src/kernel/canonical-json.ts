/**
 * JSON Canonicalization Scheme (RFC 8785) for what Relais itself produces: object members sorted by UTF-16 code
 * units, no white space, ECMAScript number form. Members whose value is undefined are left out.
 *
 * Verifying the audit log spends most of its time here: texts are put together as they come, without lists in between.
 *
 * @throws TypeError for values that JSON cannot carry (functions, bigint, NaN, Infinity)
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError('Not a JSON number');
    return JSON.stringify(value);
  }
  if (typeof value !== 'object') throw new TypeError(`Not a JSON value: ${typeof value}`);
  let text = '';
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1)
      text += `${index === 0 ? '' : ','}${canonicalJson((value[index] as unknown) ?? null)}`;
    return `[${text}]`;
  }
  const members = value as Readonly<Record<string, unknown>>;
  // Without a comparator `sort` compares UTF-16 code units, which is the order that RFC 8785 section 3.2.3 asks for.
  for (const name of Object.keys(members).sort()) {
    const member = members[name];
    if (member !== undefined) text += `${text === '' ? '' : ','}${quoted(name)}:${canonicalJson(member)}`;
  }
  return `{${text}}`;
}

/** Printable ASCII without the quotation mark and the backslash stands for itself. */
const PLAIN = /^[ !#-[\]-~]*$/;

function quoted(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}
