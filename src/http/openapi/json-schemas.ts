import { z } from 'zod';

export type JsonSchema = Readonly<Record<string, unknown>>;

export interface SchemaCollector {
  /** The JSON Schema of what comes in or goes out; named schemas become references into `components`. */
  schemaOf(schema: z.ZodType, direction: 'input' | 'output'): JsonSchema;
  readonly components: Record<string, JsonSchema>;
}

/**
 * Turns the very schemas that validate into JSON Schema 2020-12, the dialect of OpenAPI 3.1
 * (https://spec.openapis.org/oas/v3.1.0#schema-object).
 */
export function createSchemaCollector(): SchemaCollector {
  const components: Record<string, JsonSchema> = {};
  return {
    components,
    schemaOf(schema, direction) {
      const {
        $schema: _dialect,
        $defs,
        ...own
      } = z.toJSONSchema(schema, {
        target: 'draft-2020-12',
        io: direction,
        unrepresentable: 'any',
        override: ({ jsonSchema }) => {
          // Patterns of dates are long and say what `format` says.
          if (jsonSchema.format !== undefined && jsonSchema.pattern !== undefined) delete jsonSchema.pattern;
          delete jsonSchema.id;
        },
      });
      for (const [name, definition] of Object.entries($defs ?? {})) {
        components[name] ??= pointToComponents(definition) as JsonSchema;
      }
      return pointToComponents(own) as JsonSchema;
    },
  };
}

function pointToComponents(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pointToComponents);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      name === '$ref' && typeof member === 'string'
        ? member.replace('#/$defs/', '#/components/schemas/')
        : pointToComponents(member),
    ]),
  );
}
