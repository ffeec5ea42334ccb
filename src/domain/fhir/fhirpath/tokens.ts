import { ExpressionError } from './syntax-error.js';

export interface Token {
  readonly kind: 'name' | 'quoted' | 'string' | 'number' | 'temporal' | 'env' | 'symbol' | 'special' | 'end';
  readonly text: string;
  readonly at: number;
}

const SPACE = /(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)+/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const NUMBER = /\d+(?:L\b|\.\d+)?/y;
const TEMPORAL =
  /@(?:T\d{2}(?::\d{2}(?::\d{2}(?:\.\d+)?)?)?|\d{4}(?:-\d{2}(?:-\d{2})?)?(?:T(?:\d{2}(?::\d{2}(?::\d{2}(?:\.\d+)?)?)?(?:Z|[+-]\d{2}:\d{2})?)?)?)/y;
const SYMBOL = /<=|>=|!=|!~|[()[\]{}.,+\-*/|&<>=~]/y;
const SPECIAL = /\$(?:this|index|total)\b/y;
const ESCAPES: Readonly<Record<string, string>> = { r: '\r', n: '\n', t: '\t', f: '\f' };

/** Lexical analysis (FHIRPath 2.0.0 section 7 and appendix B). @throws ExpressionError with the position */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(source)?.[0];
  };
  const add = (kind: Token['kind'], text: string, length: number) => {
    tokens.push({ kind, text, at });
    at += length;
  };
  while (at < source.length) {
    const space = take(SPACE);
    if (space !== undefined) {
      at += space.length;
      continue;
    }
    const first = source.charAt(at);
    let text: string | undefined;
    if (first === "'" || first === '`') {
      const { value, length } = delimited(source, at);
      add(first === "'" ? 'string' : 'quoted', value, length);
    } else if (first === '%') {
      at += 1;
      const quote = source.charAt(at);
      if (quote === '`' || quote === "'") {
        const { value, length } = delimited(source, at);
        add('env', value, length);
      } else if ((text = take(NAME)) !== undefined) add('env', text, text.length);
      else throw new ExpressionError('fhirpath.syntax', 'A name must follow %', source, at - 1);
    } else if ((text = take(TEMPORAL)) !== undefined) add('temporal', text, text.length);
    else if ((text = take(SPECIAL)) !== undefined) add('special', text, text.length);
    else if ((text = take(NAME)) !== undefined) add('name', text, text.length);
    else if ((text = take(NUMBER)) !== undefined) add('number', text, text.length);
    else if ((text = take(SYMBOL)) !== undefined) add('symbol', text, text.length);
    else throw new ExpressionError('fhirpath.syntax', 'Unexpected character', source, at);
  }
  tokens.push({ kind: 'end', text: '', at });
  return tokens;
}

function delimited(source: string, start: number): { value: string; length: number } {
  const quote = source.charAt(start);
  let value = '';
  for (let at = start + 1; at < source.length; at += 1) {
    const character = source.charAt(at);
    if (character === quote) return { value, length: at + 1 - start };
    if (character !== '\\') {
      value += character;
      continue;
    }
    at += 1;
    const escaped = source.charAt(at);
    if (escaped === 'u' && /^[0-9a-fA-F]{4}$/.test(source.slice(at + 1, at + 5))) {
      value += String.fromCharCode(parseInt(source.slice(at + 1, at + 5), 16));
      at += 4;
    } else value += ESCAPES[escaped] ?? escaped;
  }
  throw new ExpressionError('fhirpath.syntax', 'The text is not closed', source, start);
}
