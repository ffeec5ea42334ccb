/**
 * Functions that generated modules carry with them, as text: a built module imports nothing. Each is there only where
 * the pack uses it. `R` is given at load: what makes a number that is kept as written.
 */
interface Helper {
  readonly text: string;
  readonly needs?: readonly HelperName[];
}

const HELPERS = {
  idOf: {
    text: 'function idOf(s, type, map, within, key) { return s.ctx.resourceId(type, within ? `${map}|${s.within}${key}` : `${map}|${key}`); }',
  },
  keptId: {
    text: `function keptId(s, ids, type, map, within, key) {
  let id = ids.get(key);
  if (id === undefined) ids.set(key, (id = idOf(s, type, map, within, key)));
  return id;
}`,
    needs: ['idOf'],
  },
  keptRef: {
    text: 'function keptRef(s, ids, type, map, within, key) { return key == null ? undefined : `${type}/${keptId(s, ids, type, map, within, key)}`; }',
    needs: ['keptId'],
  },
  refOf: {
    text: 'function refOf(s, type, map, within, key) { return key == null ? undefined : `${type}/${idOf(s, type, map, within, key)}`; }',
    needs: ['idOf'],
  },
  refsOf: {
    text: 'function refsOf(s, type, map, within, keys) { return some(keys)?.map((key) => `${type}/${idOf(s, type, map, within, key)}`); }',
    needs: ['idOf', 'some'],
  },
  some: { text: 'function some(list) { return list != null && list.length > 0 ? list.slice() : undefined; }' },
  joined: {
    text: 'function joined(list, separator) { return list != null && list.length > 0 ? list.join(separator) : undefined; }',
  },
  asText: { text: 'function asText(value) { return value == null ? undefined : String(value); }' },
  orNothing: { text: "function orNothing(value) { return value == null ? '' : String(value); }" },
  plus: {
    text: 'function plus(a, b) { return a == null || b == null ? undefined : typeof a === "number" && typeof b === "number" ? a + b : String(a) + String(b); }',
  },
  equal: { text: 'function equal(a, b) { return a == null || b == null ? undefined : a === b; }' },
  compare: {
    text: 'function compare(a, b) { return a == null || b == null ? undefined : typeof a === "string" && typeof b === "string" ? (a < b ? -1 : a > b ? 1 : 0) : Number(a) - Number(b); }',
  },
  not: { text: 'function not(value) { return value == null ? undefined : !value; }' },
  and: {
    text: 'function and(a, b) { return a === false || b === false ? false : a == null || b == null ? undefined : true; }',
  },
  or: {
    text: 'function or(a, b) { return a === true || b === true ? true : a == null || b == null ? undefined : false; }',
  },
  part: {
    text: 'function part(text, start, length) { return text == null || start < 0 || start >= text.length ? undefined : text.slice(start, length === undefined ? undefined : start + length); }',
  },
  toInteger: {
    text: 'function toInteger(value) { return value != null && /^[+-]?\\d{1,10}$/.test(String(value)) ? Number(value) : undefined; }',
  },
  toDecimal: {
    text: 'function toDecimal(value) { return value == null ? undefined : typeof value === "string" ? R.decimal(value) : value; }',
  },
  // R4 code: no blank at either end. What is none cannot stand in a code or within a URI.
  toCode: {
    text: 'function toCode(value) { return value != null && /^\\S+$/.test(String(value)) ? value : undefined; }',
  },
  toDate: {
    text: `function toDate(value) {
  const parts = value == null ? null : /^(\\d{4})(?:-(\\d{2})(?:-(\\d{2}))?)?$/.exec(String(value));
  if (parts === null) return undefined;
  const month = Number(parts[2] ?? 1), day = Number(parts[3] ?? 1);
  if (Number(parts[1]) < 1 || month < 1 || month > 12 || day < 1) return undefined;
  return day <= new Date(Date.UTC(2000 + (Number(parts[1]) % 400), month, 0)).getUTCDate() ? parts[0] : undefined;
}`,
  },
  toDateTime: {
    text: `function toDateTime(value, zone) {
  const parts = value == null ? null : /^(\\d{4}-\\d{2}-\\d{2})[ T]([01]\\d|2[0-3]):([0-5]\\d)(?::([0-5]\\d)(\\.\\d+)?)?(Z|[+-]\\d{2}:\\d{2})?$/.exec(String(value));
  if (parts === null) return toDate(value);
  const offset = parts[6] ?? zone;
  if (offset == null || toDate(parts[1]) === undefined) return undefined;
  return \`\${parts[1]}T\${parts[2]}:\${parts[3]}:\${parts[4] ?? '00'}\${parts[5] ?? ''}\${offset}\`;
}`,
    needs: ['toDate'],
  },
  pair: { text: 'function pair(a, b) { return a == null || b == null ? undefined : `${String(a).length}:${a}${b}`; }' },
} satisfies Record<string, { readonly text: string; readonly needs?: readonly string[] }>;
export type HelperName = keyof typeof HELPERS;

/** The texts of these helpers and of those that they need, in a fixed order. */
export function helperTexts(names: ReadonlySet<HelperName>): string[] {
  const needed = new Set<HelperName>();
  const add = (name: HelperName): void => {
    needed.add(name);
    const helper: Helper = HELPERS[name] as Helper;
    for (const other of helper.needs ?? []) add(other);
  };
  for (const name of names) add(name);
  return (Object.keys(HELPERS) as HelperName[]).filter((name) => needed.has(name)).map((name) => HELPERS[name].text);
}
