import { z } from 'zod';
import { instant } from '../../kernel/clock.js';
import { isUuid } from '../../kernel/ids.js';
import { isJsonObject, type JsonObject } from '../../kernel/json.js';
import type { BodyRule } from '../route.js';

/** Ids are lower-case UUIDs: what the kernel makes and what it recognises (kernel/ids). */
export function id<T extends string>(): z.ZodType<T, string> {
  return z
    .string()
    .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/)
    .meta({ format: 'uuid' }) as unknown as z.ZodType<T, string>;
}

/** A moment that a caller gives, with its offset from UTC; becomes the one form that sorts as text. */
export const moment = z.iso.datetime({ offset: true }).transform((text) => instant(text));

/** A moment that Relais gives. */
export const at = z.iso.datetime({ precision: 3 });

export const words = (max: number): z.ZodString => z.string().min(1).max(max);

export const bothLanguages = z.strictObject({ en: words(200), fr: words(200) });

export const reasonView = z
  .strictObject({
    code: z.string().meta({ examples: ['deny.no-consent'] }),
    text: z.string().meta({ description: 'In the language of the answer.' }),
  })
  .meta({ id: 'Reason', description: 'Why a decision came out as it did.' });

const KIB = 1024;
export const SMALL_BYTES = 64 * KIB;
/** A request that may name hundreds of places in a case. */
export const LIST_BYTES = 256 * KIB;

/** @param example shown in the documentation; must be valid */
export function jsonBody<Schema extends z.ZodType>(
  schema: Schema,
  example: unknown,
  maxBytes = SMALL_BYTES,
): BodyRule<Schema> {
  return { schema, mediaTypes: ['application/json'], maxBytes, optional: false, example };
}

/** A body that says nothing: `{}` or none. */
export const NO_CONTENT: BodyRule<z.ZodUnion<readonly [z.ZodUndefined, z.ZodObject]>> = {
  schema: z.union([z.undefined(), z.strictObject({})]),
  mediaTypes: ['application/json'],
  maxBytes: KIB,
  optional: true,
};

/**
 * A JSON object whose rules are checked by the domain, numbers kept as written.
 *
 * @param meta its JSON Schema in the documentation
 */
export function document(meta: Readonly<Record<string, unknown>>): z.ZodType<JsonObject> {
  return z.custom<JsonObject>(isJsonObject, 'A JSON object is needed here.').meta(meta);
}

export function fhirBody(
  schema: z.ZodType<JsonObject>,
  example: unknown,
  maxBytes = 256 * KIB,
): BodyRule<z.ZodType<JsonObject>> {
  return { schema, mediaTypes: ['application/fhir+json', 'application/json'], maxBytes, optional: false, example };
}

export const uuidParam = <T extends string>(): z.ZodObject<{ id: z.ZodType<T, string> }> =>
  z.object({
    id: z.string().refine(isUuid).meta({ format: 'uuid' }) as unknown as z.ZodType<T, string>,
  });

/** Invented ids for examples. */
export const EXAMPLE = {
  transfer: '6f1c2a9e-5d6f-4b7a-9c3e-2f4a8b1d0c57',
  task: 'b2d9e1f0-8a34-4c55-8f0e-71c3a9d2e646',
  person: '0c8a5d7e-3b21-4f96-a1d4-9e6b2c7f8a10',
  consent: 'e4a7c3b1-92d8-4e06-b5f7-1a8d6c0e9f32',
  agreement: '5a1d0000-0000-4000-8000-0000000000a1',
  sender: '5a1d0000-0000-4000-8000-000000000001',
  recipient: '5a1d0000-0000-4000-8000-000000000002',
} as const;
