import { z } from 'zod';
import type { KeptOriginal } from '../../transfer/agreement-ports.js';
import type { AgreementId } from '../../kernel/ids.js';
import { operation } from '../route.js';
import { at, uuidParam } from '../schemas/parts.js';

const params = uuidParam<AgreementId>();
const version = z
  .string()
  .regex(/^[1-9]\d{0,6}$/)
  .transform(Number);
const members = {
  mediaType: z.enum(['application/pdf', 'image/png', 'image/jpeg']),
  /** Base64 with padding (RFC 4648 section 4). */
  content: z.base64().min(8).meta({ description: 'The scan, in base64.' }),
};
const MAX_BYTES = 8 * 1024 * 1024;

const kept = z
  .strictObject({
    version: z.int(),
    ...members,
    digest: z.string().meta({ description: 'SHA-256 (hex) of the scan; the log holds it too.' }),
    recordedAt: at,
  })
  .meta({ id: 'SignedOriginal' });
const bytes = '%PDF-1.7';
const example = {
  version: 2,
  mediaType: 'application/pdf',
  content: Buffer.from(bytes).toString('base64'),
  digest: 'a'.repeat(64),
  recordedAt: '2026-01-02T09:00:00.000Z',
} as const;
const one = { description: { en: 'The original', fr: 'L’original' }, schema: kept, example };
const present = ({ version: of, mediaType, content, digest, recordedAt }: KeptOriginal): z.infer<typeof kept> => ({
  version: of,
  mediaType,
  content: content.toString('base64'),
  digest,
  recordedAt,
});

export const putOriginal = operation({
  group: 'agreements',
  id: 'putOriginal',
  summary: { en: 'Keep the signed original of a version', fr: 'Conserver l’original signé d’une version' },
  description: {
    en: 'A scan of the signed paper, stored encrypted, once: it is never replaced.',
    fr: 'Un scan du document signé, conservé chiffré, une seule fois : il n’est jamais remplacé.',
  },
  params,
  body: {
    schema: z.strictObject({ version: z.int().min(1).max(1_000_000), ...members }).meta({ id: 'SignedOriginalInput' }),
    mediaTypes: ['application/json'],
    maxBytes: MAX_BYTES,
    optional: false,
    example: { version: 2, mediaType: 'application/pdf', content: example.content },
  },
  responses: { 201: one },
  handle: async ({ principal, params: { id }, body, requestId }, { story }) => {
    const content = Buffer.from(body.content, 'base64');
    const { version: of, mediaType } = body;
    const stored = await story.putOriginal(principal, { agreementId: id, version: of, mediaType, content }, requestId);
    return { status: 201, body: present(stored) };
  },
});

export const getOriginal = operation({
  group: 'agreements',
  id: 'getOriginal',
  summary: { en: 'Read the signed original of a version', fr: 'Lire l’original signé d’une version' },
  params,
  query: z.object({ version }),
  responses: { 200: one },
  handle: async ({ principal, params: { id }, query }, { story }) => ({
    status: 200,
    body: present(await story.getOriginal(principal, id, query.version)),
  }),
});
