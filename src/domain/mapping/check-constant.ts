import { PRIMITIVE_CHECKS } from '../fhir/primitives.js';
import type { Report } from './finding.js';
import type { ConstNode, LeafNode } from './template/intermediate.js';

const NUMERIC = new Set(['decimal', 'integer', 'positiveInt', 'unsignedInt']);
const DATES = new Set(['date', 'dateTime', 'instant']);
const FORMS: Readonly<Record<string, string>> = {
  id: '1 to 64 of A-Z, a-z, 0-9, - and .',
  code: 'no blank at its ends, single blanks within',
  uri: 'no blank in it',
  url: 'no blank in it',
  canonical: 'no blank in it',
  date: 'YYYY, YYYY-MM or YYYY-MM-DD',
  dateTime: 'YYYY, YYYY-MM, YYYY-MM-DD, or a day with T, time, seconds and zone',
  instant: 'a day with T, time, seconds and zone',
  time: 'HH:MM:SS',
  oid: 'urn:oid: and numbers with points',
  uuid: 'urn:uuid: and a UUID in lower case',
  base64Binary: 'base64',
  integer: 'a whole number of 32 bits',
  unsignedInt: 'a whole number from 0',
  positiveInt: 'a whole number from 1',
};

/** A value of a template against the primitive type of R4 that it stands for (https://hl7.org/fhir/R4/datatypes.html#primitive). */
export function checkPrimitive(node: LeafNode | ConstNode, type: string, path: string, report: Report): void {
  const wanted = type === 'boolean' ? 'boolean' : NUMERIC.has(type) ? 'number' : 'string';
  const given = node.kind === 'const' ? typeof node.value : valueKindOf(node);
  if (given !== wanted) report(node.place, `${path} is ${article(type)}, and this is ${article(given)}.`);
  else if (node.kind === 'const') checkConstant(node, type, path, report);
  else checkLeaf(node, type, path, report);
}

function checkConstant(node: ConstNode, type: string, path: string, report: Report): void {
  const wrong = PRIMITIVE_CHECKS[type]!(node.value);
  if (wrong === 'fhir.calendar') report(node.place, `${path} is ${article(type)}, and the calendar has no such day.`);
  else if (wrong === 'fhir.empty') report(node.place, `${path} is empty: write a value, or leave the element out.`);
  else if (wrong !== null)
    report(node.place, `${path} is ${article(type)}, and this is none: ${FORMS[type] ?? 'see R4'}.`);
}

function checkLeaf(node: LeafNode, type: string, path: string, report: Report): void {
  if (type === 'xhtml')
    report(node.place, `${path} is a narrative: a value in it could hold markup, so no map builds one.`);
  const only = node.parts.length === 1 ? node.parts[0] : undefined;
  if (only === undefined || typeof only === 'string') return;
  if (only.type === 'decimal' && NUMERIC.has(type) && type !== 'decimal')
    report(node.place, `${path} is ${article(type)}, and this may have decimals: use toInteger().`);
  if (DATES.has(type) && only.type !== 'date' && only.op !== 'literal')
    report(node.place, `${path} is ${article(type)}, and this is any text: use toDate() or toDateTime(…).`);
}

/** What a leaf gives, by the kinds of JSON. */
function valueKindOf(node: LeafNode): string {
  const only = node.parts[0];
  if (node.parts.length !== 1 || only === undefined || typeof only === 'string') return 'string';
  if (only.type === 'object') return 'entity';
  if (only.type === 'boolean') return 'boolean';
  return only.type === 'integer' || only.type === 'decimal' ? 'number' : 'string';
}

/** `an instant`, `a uri`. */
export function article(noun: string): string {
  const vowel = /^[aeio]/i.test(noun) || noun === 'unsignedInt';
  return `${vowel ? 'an' : 'a'} ${noun}`;
}
