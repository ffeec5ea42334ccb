import { isMembers } from '../../../src/domain/fhir/members.js';
import { typeInfo } from '../../../src/domain/fhir/model.js';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export interface Element {
  readonly value: Record<string, unknown>;
  readonly type: string;
  /** The resource that the element is in, and the one that contains that. */
  readonly resource: Record<string, unknown>;
  readonly root: Record<string, unknown>;
}

/** Every object of a resource with its FHIR type, the resource first. */
export function* everyElement(value: unknown, type?: string, resource?: unknown, root?: unknown): Generator<Element> {
  if (!isMembers(value)) return;
  const members = value as Record<string, unknown>;
  const isResource = type === undefined || type === 'Resource';
  const name = isResource ? String(members.resourceType) : type;
  const info = typeInfo(name);
  if (info === undefined) return;
  const own = (isResource ? members : resource) as Record<string, unknown>;
  const container = (root ?? members) as Record<string, unknown>;
  yield { value: members, type: name, resource: own, root: container };
  for (const [key, member] of Object.entries(members)) {
    const child = info.byKey.get(key)?.type.name;
    if (child === undefined || typeInfo(child)?.kind === 'primitive') continue;
    const keepsRoot = child !== 'Resource' || key === 'contained';
    for (const item of Array.isArray(member) ? (member as unknown[]) : [member]) {
      yield* everyElement(item, child, own, keepsRoot ? container : undefined);
    }
  }
}

/** The FHIR resources among the JSON files of a folder. */
export function resourcesIn(folder: string): { file: string; resource: Record<string, unknown> }[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => ({
      file,
      resource: JSON.parse(readFileSync(join(folder, file), 'utf8')) as Record<string, unknown>,
    }))
    .filter(({ resource }) => typeof resource.resourceType === 'string');
}
