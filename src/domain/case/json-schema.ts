import { z } from 'zod';
import { SENSITIVITIES } from '../labels/labels.js';
import { WHOLE, type Entity, type Field, type List } from './define.js';
import { caseModel } from './schema.js';

/** Stable name of case model v1; a change that refuses what v1 took is v2. */
export const CASE_SCHEMA_ID = 'https://relais.example/schemas/case/v1';

export type JsonSchema = { readonly [keyword: string]: unknown };

let schema: JsonSchema | undefined;

/**
 * The case model as JSON Schema 2020-12 (https://json-schema.org/draft/2020-12). Every property carries
 * `x-relais-labels`: its category first, then its sensitivities. Rules between fields are in the documentation and in
 * `parseCase` alone.
 */
export function caseJsonSchema(): JsonSchema {
  schema ??= build();
  return schema;
}

function build(): JsonSchema {
  const definitions: Record<string, JsonSchema> = { about: aboutSchema() };
  const root = entitySchema(caseModel, definitions);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: CASE_SCHEMA_ID,
    ...root,
    title: 'Case',
    $defs: definitions,
  };
}

function entitySchema(model: Entity, definitions: Record<string, JsonSchema>): JsonSchema {
  const properties: Record<string, JsonSchema> = {};
  for (const [name, member] of Object.entries(model.fields)) properties[name] = memberSchema(name, member, definitions);
  properties['about'] = {
    title: 'About',
    description: 'What is known about each field, `*` for the whole: source, date, contested, do not share.',
    type: 'object',
    properties: Object.fromEntries(
      [...Object.keys(model.fields), WHOLE].map((name) => [name, { $ref: '#/$defs/about' }]),
    ),
    additionalProperties: false,
  };
  const required = Object.entries(model.fields).flatMap(([name, member]) =>
    member.kind !== 'list' && member.required ? [name] : [],
  );
  return {
    title: titleOf(model.name),
    description: model.description,
    type: 'object',
    properties,
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  };
}

function memberSchema(
  name: string,
  member: Field | List | Entity,
  definitions: Record<string, JsonSchema>,
): JsonSchema {
  const title = titleOf(name);
  if (member.kind === 'field') return { title, ...fieldSchema(member) };
  const entity = member.kind === 'list' ? member.item : member;
  definitions[entity.name] ??= entitySchema(entity, definitions);
  const $ref = `#/$defs/${entity.name}`;
  return member.kind === 'entity' ? { title, $ref } : { title, type: 'array', maxItems: member.max, items: { $ref } };
}

function fieldSchema(field: Field): JsonSchema {
  const { $schema: _dialect, ...schemaOfType } = z.toJSONSchema(field.type, {
    target: 'draft-2020-12',
    unrepresentable: 'any',
  });
  return {
    ...(field.description !== undefined && { description: field.description }),
    ...schemaOfType,
    ...(field.target !== undefined && { 'x-relais-target': field.target }),
    'x-relais-labels': [field.category, ...field.sensitivities],
  };
}

function aboutSchema(): JsonSchema {
  return {
    title: 'About a field',
    type: 'object',
    properties: {
      source: { title: 'Source', enum: ['declared', 'observed', 'document'] },
      date: { title: 'Date', type: 'string', pattern: '^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$' },
      contested: { title: 'Contested', description: 'The person says that it is wrong.', type: 'boolean' },
      doNotShare: { title: 'Do not share', type: 'boolean' },
      sensitivities: {
        title: 'Sensitivities',
        description: 'Labels that this value carries over those of its field.',
        type: 'array',
        items: { enum: [...SENSITIVITIES] },
      },
    },
    required: ['source'],
    additionalProperties: false,
  };
}

/** `birthDatePrecision` → `Birth date precision`. */
export function titleOf(name: string): string {
  const words = name.replace(/([A-Z0-9]+)/g, (capitals) => ` ${capitals.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
