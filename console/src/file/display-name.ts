import type { CaseDocument } from '../api/views.js';
import { isDocument, isList } from '../record/marks.js';

/** The name in use, else the first: as the person is addressed. null where none is known. */
export function displayName(document: CaseDocument): string | null {
  const person = document['person'];
  const names = isDocument(person) && isList(person['names']) ? person['names'] : [];
  const name = names.find(({ kind }) => kind === 'used') ?? names[0];
  if (name === undefined) return null;
  const given = Array.isArray(name['given']) ? (name['given'] as string[]) : [];
  const family = typeof name['family'] === 'string' ? [name['family']] : [];
  const whole = [...given, ...family].join(' ');
  return whole === '' ? null : whole;
}
