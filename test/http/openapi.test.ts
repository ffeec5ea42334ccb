import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { buildOpenApi } from '../../src/http/openapi/build-openapi.js';
import { ROUTES } from '../../src/http/routes.js';
import { startHttp } from '../support/http.js';

const committed = join(import.meta.dirname, '../../docs/openapi.json');

describe('the OpenAPI document', () => {
  const document = buildOpenApi(ROUTES, 'en', '/');

  it('is the one that is committed (UPDATE_OPENAPI=1 writes it)', async () => {
    if (process.env['UPDATE_OPENAPI'] === '1') {
      writeFileSync(committed, await format(JSON.stringify(document), { parser: 'json', printWidth: 120 }));
    }
    expect(JSON.parse(readFileSync(committed, 'utf8'))).toEqual(JSON.parse(JSON.stringify(document)));
  });

  it('has every route of the table but the pages, each id once', () => {
    const ids: string[] = [];
    for (const { method, path, operation } of ROUTES) {
      const described = document.paths[path.replace(/:(\w+)/g, '{$1}')]?.[method];
      if (operation.group === 'site') expect(described, path).toBeUndefined();
      else expect(described?.operationId, path).toBe(operation.id);
      ids.push(operation.id);
    }
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(ROUTES.map(({ method, path }) => `${method} ${path}`)).size).toBe(ROUTES.length);
  });

  it('has no reference that leads nowhere', () => {
    const text = JSON.stringify(document);
    const references = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference ?? '');
    expect(references.length).toBeGreaterThan(20);
    for (const reference of references) {
      const name = reference.replace('#/components/schemas/', '');
      expect(document.components.schemas, reference).toHaveProperty(name);
    }
  });

  it('shows only examples that its own schemas accept', () => {
    for (const { path, operation } of ROUTES) {
      if ('handle' in operation && operation.body?.example !== undefined) {
        expect(operation.body.schema.safeParse(operation.body.example).error, path).toBeUndefined();
      }
      const others = 'handle' in operation ? [operation.body, ...Object.values(operation.responses)] : [];
      for (const { schema, example } of others.flatMap((rule) => Object.values(rule?.others ?? {})))
        expect(schema.safeParse(example).error, path).toBeUndefined();
      for (const { schema, example } of Object.values(operation.responses)) {
        if (schema !== undefined && example !== undefined)
          expect(schema.safeParse(example).error, path).toBeUndefined();
      }
    }
  });

  it('is served with the address of the gateway, in the language asked for', async () => {
    const { server } = startHttp();
    const answer = await request(server).get('/openapi.json').set('Accept-Language', 'fr').expect(200);
    expect(answer.body.servers).toEqual([{ url: 'https://relais.test' }]);
    expect(answer.body.paths['/api/v1/transfers'].post.summary).toBe('Demander l’envoi d’un dossier à un destinataire');
  });
});

describe('the pages', () => {
  it.each(['/', '/docs', '/docs/errors'])('%s has no script, no inline style, nothing from elsewhere', async (path) => {
    const { server } = startHttp();
    for (const lang of ['en', 'fr']) {
      const { text, headers } = await request(server).get(`${path}?lang=${lang}`).expect(200);
      expect(headers['content-type']).toBe('text/html; charset=utf-8');
      expect(headers['content-language']).toBe(lang);
      expect(text).toContain(`<html lang="${lang}">`);
      expect(text).not.toMatch(/<script|<style|<svg|<iframe|\son\w+=|\sstyle=|javascript:/i);
      expect(text).not.toMatch(/(src|href)="(https?:)?\/\//);
    }
  });

  it('/docs shows every operation with a command to copy, and every link in it leads somewhere', async () => {
    const { server } = startHttp();
    const { text } = await request(server).get('/docs').expect(200);
    for (const { operation } of ROUTES.filter((route) => route.operation.group !== 'site')) {
      expect(text).toContain(`<article id="${operation.id}">`);
    }
    for (const [, anchor] of text.matchAll(/href="#([^"]+)"/g)) expect(text).toContain(`id="${anchor}"`);
    expect(text).toContain('curl -X POST &#39;https://relais.test/api/v1/transfers&#39;');
    for (const [, link] of text.matchAll(/href="(\/[^"#]*)"/g))
      await request(server)
        .get(link ?? '')
        .expect(200);
  });

  it('/docs/errors explains the code that a problem’s type points to', async () => {
    const { server } = startHttp();
    const { body } = await request(server).get('/me').expect(401);
    const [, anchor] = (body.type as string).split('#');
    const { text } = await request(server).get('/docs/errors?lang=fr').expect(200);
    expect(text).toContain(`id="${anchor}"`);
    expect(text).toContain('Cet appel demande un jeton d’accès ou une session.');
  });
});
