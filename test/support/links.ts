import type request from 'supertest';
import type { TestGateway } from './open-gateway.js';

/** What a link gives: where it leads, its two secrets, and the cookie that they open. */
export interface MadeLink {
  readonly id: string;
  readonly url: string;
  readonly token: string;
  readonly code: string;
}

export async function makeLink(gateway: TestGateway, personId: string, lang: 'en' | 'fr' = 'en'): Promise<MadeLink> {
  const { body } = await gateway
    .http()
    .post(`/api/v1/persons/${personId}/access-links`)
    .send({ lang, safeChannel: true })
    .expect(201);
  const url = body.url as string;
  return { id: body.link.id, url, token: url.split('#')[1] ?? '', code: body.code };
}

type Visitor = Pick<ReturnType<TestGateway['visit']>, 'get' | 'post'>;

/** A form as a browser sends it. */
export const submit = (visitor: Visitor, path: string, fields: Readonly<Record<string, string>>): request.Test =>
  visitor.post(path).type('form').send(fields);

export const knock = (visitor: Visitor, { token, code }: Pick<MadeLink, 'token' | 'code'>): request.Test =>
  submit(visitor, '/access', { token, code });

export const cookieOf = (answer: request.Response): string =>
  ((answer.headers['set-cookie'] as unknown as string[] | undefined)?.[0] ?? '').split(';')[0] ?? '';

export const csrfOf = (page: string): string => /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? '';

/** Opens a link: its cookie and the token of its forms. */
export async function enter(
  gateway: TestGateway,
  link: MadeLink,
): Promise<{ readonly cookie: string; readonly csrf: string; readonly page: string }> {
  const opened = await knock(gateway.visit(), link).expect(303);
  const cookie = cookieOf(opened);
  const { text } = await gateway.visit().get(String(opened.headers['location'])).set('Cookie', cookie).expect(200);
  return { cookie, csrf: csrfOf(text), page: text };
}
