import { z } from 'zod';

/** draft-ietf-httpapi-idempotency-key-header: a quoted string; taken without quotes as well. */
export const idempotencyKey = z
  .string()
  .regex(/^("[A-Za-z0-9._:-]{1,128}"|[A-Za-z0-9._:-]{1,128})$/)
  .transform((text) => text.replaceAll('"', ''))
  .meta({ description: 'Yours, 1–128 of A-Z a-z 0-9 . _ : - ; the same key again gets the first answer.' });
