import { z } from 'zod';
import { entity, labelled, list, must, type ValueOf } from '../../../src/domain/case/define.js';
import type { Case } from '../../../src/domain/case/schema.js';
import { line } from '../../../src/domain/case/values.js';

/** Checked by `tsc`, never run: a field without a category does not compile. */
export function aFieldWithoutACategoryDoesNotCompile(): void {
  // @ts-expect-error a bare kind of value is no field
  entity('a', '', { note: z.string() });
  // @ts-expect-error neither is an object that looks like one
  entity('b', '', { note: { kind: 'field', type: z.string(), required: false } });
  // @ts-expect-error a category must be given
  labelled(line(10));
  // @ts-expect-error and must be one that exists
  labelled(line(10), 'finance');
  // @ts-expect-error and a sensitivity too
  labelled(line(10), 'income', 'secret');
  // @ts-expect-error a list holds entities, whose fields are labelled, not kinds of value
  list(line(10), 3);
}

export const thing = entity('thing', '', { id: must(labelled(line(10), 'plan')), note: labelled(line(10), 'notes') });
type Thing = ValueOf<typeof thing>;

export function typesAreDerived(): readonly unknown[] {
  const minimal: Thing = { id: 'a' };
  const full: Thing = { id: 'a', note: 'b', about: { note: { source: 'declared' }, '*': { source: 'document' } } };
  // @ts-expect-error a required field is required
  const without: Thing = { note: 'b' };
  // @ts-expect-error an unknown field is refused
  const unknown: Thing = { id: 'a', other: 'b' };
  // @ts-expect-error `about` names fields of the entity
  const about: Thing = { id: 'a', about: { other: { source: 'declared' } } };
  // @ts-expect-error the version is 1
  const version: Case = { schemaVersion: 2, person: { id: 'p' } };
  const smallest: Case = { schemaVersion: 1, person: { id: 'p' } };
  // @ts-expect-error nothing of a case is changed
  smallest.person.id = 'q';
  // @ts-expect-error codes are a closed list
  const sex: Case = { schemaVersion: 1, person: { id: 'p', sex: 'f' } };
  return [minimal, full, without, unknown, about, version, smallest, sex];
}
