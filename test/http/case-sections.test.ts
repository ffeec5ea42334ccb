import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inCaseSections } from '../../src/http/site/links/case-sections.js';
import { readJson, type JsonObject } from '../../src/kernel/json.js';

const shown = (record: object, lang: 'en' | 'fr'): string =>
  inCaseSections(readJson(JSON.stringify(record)) as JsonObject, lang)
    .map(({ markup }) => markup)
    .join('')
    .replace(/\s+/g, ' ');

const income = {
  resources: [
    {
      id: 'r1',
      type: 'wages',
      amount: 1042.3,
      currency: 'EUR',
      frequency: 'monthly',
      startDate: '2026-03',
      about: { '*': { sensitivities: ['health'] }, amount: { contested: true } },
    },
  ],
};

describe('a record for somebody without a system', () => {
  it('is said in the reader’s language: fields, codes, dates, amounts', () => {
    const fr = shown({ income }, 'fr');
    for (const said of ['Ressources et budget', 'par mois', 'mars 2026', 'contesté par la personne', 'À protéger']) {
      expect(fr).toContain(said);
    }
    expect(fr).toMatch(/1\s042,30\s€/);
    const en = shown({ income }, 'en');
    for (const said of ['March 2026', '€1,042.30', 'contested by the person', 'Protected']) expect(en).toContain(said);
    const phone = { contacts: [{ system: 'phone', value: '+33 6 39 98 04 17' }] };
    expect(shown(phone, 'fr')).toContain('téléphone');
    const number = { person: { identifiers: [{ system: 'https://ccas.example/dossiers', value: 'VAL-1' }] } };
    expect(shown(number, 'fr')).toContain('VAL-1');
    expect(shown(number, 'fr')).not.toContain('https://');
    // Keys that join parts of the record tell a reader nothing.
    expect(fr).not.toMatch(/r1|EUR/);
  });

  it('shows what it has no word for, and writes markup and other scripts as they are', () => {
    const odd = shown(
      { person: { names: [{ family: '<script>x</script>', given: ['غريس'] }], oddField: 'as-it-is' } },
      'fr',
    );
    expect(odd).toContain('&lt;script&gt;');
    expect(odd).toContain('غريس');
    expect(odd).toContain('oddField');
    expect(odd).toContain('as-it-is');
    expect(odd).not.toContain('<script');
  });

  it.each(['en', 'fr'] as const)('has a word for every field of a whole file (%s)', (lang) => {
    const file = new URL('../../config/demo/cases/grace-okafor.json', import.meta.url);
    const page = shown(JSON.parse(readFileSync(file, 'utf8')) as object, lang);
    const names = [...page.matchAll(/<(?:dt|h2|p class="is")>([^<]*)</g)].map(([, name]) => name!);
    expect(names.length).toBeGreaterThan(200);
    expect(names.filter((name) => /^[a-z]+([A-Z]\w*)?$/.test(name))).toEqual([]);
  });
});
