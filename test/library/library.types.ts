import type { Resource } from 'fhir/r4.js';
import { compileExpression, loadMappings, type Case, type CompiledMapping } from '../../src/library.js';

interface Guest {
  readonly guestId: string;
}

/** What a TypeScript program may write, and what the compiler refuses. */
export async function uses(schema: Record<string, unknown>): Promise<void> {
  const { shelter } = await loadMappings<{ shelter: Guest }>('maps', { models: { shelter: schema } });
  const typed: CompiledMapping<Guest> = shelter;
  // @ts-expect-error a record of another shape
  typed.toFhir({ id: 1 }, 1, { identifierBase: 'https://a.example', resourceId: () => '' });
  const inferred = await loadMappings('maps', { models: { one: 'case', two: { tables: { A: { B: ['identity'] } } } } });
  const resources: Resource[] = inferred.one
    .toFhir({}, 1, { identifierBase: 'https://a.example', resourceId: () => '' })
    .map(({ resource }) => resource);
  // @ts-expect-error no model was given for it
  void inferred.three;
  const { mine } = await loadMappings<{ mine: Case }>('maps', { models: { mine: 'case' } });
  const record: Partial<Case> = mine.fromFhir({}, 1, { identifierBase: 'https://a.example' }).record;
  // @ts-expect-error every pack needs a model
  await loadMappings<{ a: Guest; b: Guest }>('maps', { models: { a: schema } });
  const engine: 'compiled' | 'fhirpath' = compileExpression('name').engine;
  void [resources, record, engine];
}
