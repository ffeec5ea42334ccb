const SPACE = /[ \t\r\n]*/y;
/** RFC 8259 sections 3, 6 and 7. */
const SCALAR = /true|false|null|-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;

const TEXT = /"([^"\\\u0000-\u001f]|\\(["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;

/**
 * Where a text stops being JSON (RFC 8259), counted from 0; its length where it ends too early. Browsers say that in
 * ways of their own, or not at all. Not recursive: a text can be nested deeper than a stack. Pure.
 */
export function whereJsonBreaks(text: string): number {
  let at = 0;
  const open: ('{' | '[')[] = [];
  const read = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found !== null) at += found[0].length;
    return found !== null;
  };
  const take = (character: string): boolean => {
    read(SPACE);
    if (text[at] !== character) return false;
    at += 1;
    return true;
  };
  const name = (): boolean => {
    read(SPACE);
    return read(TEXT) && take(':');
  };
  let wants: 'value' | 'first' | 'rest' = 'value';
  for (;;) {
    if (wants === 'first') {
      const inside = open.at(-1);
      if (take(inside === '{' ? '}' : ']')) {
        open.pop();
        wants = 'rest';
      } else {
        if (inside === '{' && !name()) return at;
        wants = 'value';
      }
    } else if (wants === 'value') {
      read(SPACE);
      const begins = text[at];
      if (begins === '{' || begins === '[') {
        open.push(begins);
        at += 1;
        wants = 'first';
      } else {
        if (!read(SCALAR) && !read(TEXT)) return at;
        wants = 'rest';
      }
    } else {
      const inside = open.at(-1);
      read(SPACE);
      if (inside === undefined) return at;
      if (take(',')) {
        if (inside === '{' && !name()) return at;
        wants = 'value';
      } else if (take(inside === '{' ? '}' : ']')) open.pop();
      else return at;
    }
  }
}
