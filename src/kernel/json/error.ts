import { RelaisError } from '../errors.js';

/** What each rule says; no sentence repeats anything of the document. */
const RULES = {
  syntax: 'the text is not JSON here',
  'unexpected-end': 'the text ends too early',
  'trailing-text': 'there is text after the document',
  'duplicate-name': 'an object has two members of the same name',
  'forbidden-name': 'an object has a member whose name is reserved',
  'too-deep': 'objects and arrays are nested too deeply',
  'not-utf8': 'the bytes are not UTF-8',
  'lone-surrogate': 'a string holds half of a surrogate pair',
  'control-character': 'a string holds a control character other than tab, line feed and carriage return',
} as const;
export type JsonRule = keyof typeof RULES;

/**
 * @param at offset in UTF-16 code units
 * @returns RelaisError 400 with code `json.<rule>` and the place as `line:column`, both from 1
 */
export function jsonError(rule: JsonRule, text: string, at: number): RelaisError {
  const place = placeOf(text, at);
  const where = rule === 'not-utf8' ? '' : ` at line ${place.line}, column ${place.column}`;
  const message = `The JSON document is refused${where}: ${RULES[rule]}.`;
  return new RelaisError(`json.${rule}`, 400, 'structure', message, {
    violations: [{ path: rule === 'not-utf8' ? '' : `${place.line}:${place.column}`, rule: `json.${rule}`, message }],
  });
}

function placeOf(text: string, at: number): { readonly line: number; readonly column: number } {
  let line = 1;
  let start = 0;
  for (let end = text.indexOf('\n'); end !== -1 && end < at; end = text.indexOf('\n', end + 1)) {
    line += 1;
    start = end + 1;
  }
  return { line, column: at - start + 1 };
}
