const BLANK = /\s/;

/** Letters that an escape of a double-quoted text takes after its own (YAML 1.2.2 section 5.7). */
const HEX_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/**
 * Where each character of a scalar stands in the file: YAML folds lines, takes off indentation and reads escapes, so
 * the text that was read is laid beside the text that was written. Blanks are placed at the blanks that they came
 * from, or next to them.
 *
 * @param from offset of the first character of the node, a quote or the `|` of a block included
 * @returns one offset for each UTF-16 unit of `value`, and one for its end
 */
export function align(value: string, source: string, from: number, style: string): Int32Array {
  const offsets = new Int32Array(value.length + 1);
  const isDouble = style === 'QUOTE_DOUBLE';
  const isSingle = style === 'QUOTE_SINGLE';
  let at = style.startsWith('BLOCK') ? source.indexOf('\n', from) + 1 : from + (isDouble || isSingle ? 1 : 0);
  for (let index = 0; index < value.length; index += 1) {
    // A backslash at the end of a line takes the line break and what follows it away.
    while (isDouble && source.charAt(at) === '\\' && /[\r\n]/.test(source.charAt(at + 1)))
      at = afterBlanks(source, at + 1);
    if (!BLANK.test(value.charAt(index))) at = afterBlanks(source, at);
    offsets[index] = at;
    if (isDouble && source.charAt(at) === '\\') {
      const letter = source.charAt(at + 1);
      at += 2 + (HEX_DIGITS[letter] ?? 0);
      // Beyond the basic plane one escape is two units.
      if (letter === 'U' && value.codePointAt(index)! > 0xffff) offsets[(index += 1)] = offsets[index - 1]!;
    } else if (isSingle && source.startsWith("''", at)) at += 2;
    else if (!BLANK.test(value.charAt(index)) || BLANK.test(source.charAt(at))) at += 1;
  }
  offsets[value.length] = at;
  return offsets;
}

function afterBlanks(source: string, from: number): number {
  let at = from;
  while (at < source.length && BLANK.test(source.charAt(at))) at += 1;
  return at;
}
