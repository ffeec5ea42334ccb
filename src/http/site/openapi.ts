import { z } from 'zod';
import type { Lang } from '../../kernel/i18n.js';
import type { OpenApiDocument } from '../openapi/build-openapi.js';
import { openOperation, type Operation } from '../route.js';

/** Gives the document for one language and server; the pages are made from it. */
export type OpenApiSource = (lang: Lang, serverUrl: string) => OpenApiDocument;

export const showOpenApi = (openApi: OpenApiSource): Operation<null> =>
  openOperation({
    group: 'site',
    id: 'showOpenApi',
    summary: { en: 'OpenAPI document', fr: 'Document OpenAPI' },
    query: z.object({ lang: z.enum(['en', 'fr']).optional() }),
    responses: {
      200: {
        description: { en: 'OpenAPI 3.1', fr: 'OpenAPI 3.1' },
        schema: z.looseObject({ openapi: z.literal('3.1.0') }),
      },
    },
    handle: ({ query, lang }, { publicUrl }) => ({ status: 200, body: openApi(query.lang ?? lang, publicUrl) }),
  });
