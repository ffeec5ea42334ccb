import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { causeText, DELIVERY_CAUSES } from '../../../src/adapters/delivery/delivery-causes.js';

describe('causes of a delivery that failed', () => {
  it.each(DELIVERY_CAUSES)('%s is said in English and in French, in sentences', (cause) => {
    const { en, fr } = causeText(cause);
    for (const text of [en, fr]) expect(text).toMatch(/^\p{Lu}[^{}]{10,200}\.$/u);
    expect(fr).not.toBe(en);
    // Words of technicians do not help a caseworker.
    expect(`${en} ${fr}`).not.toMatch(/\b(HTTP|TLS|DNS|JSON|token|timeout|socket|OAuth|URL|\d{3})\b/i);
  });

  it('an unknown code still gets a sentence', () => {
    expect(causeText('made-up')).toEqual(causeText('toString'));
    expect(causeText('made-up').en).toBe('The record could not be delivered.');
  });

  it('every cause that the story and the door name is in the list', () => {
    const folders = ['src/adapters/delivery', 'src/transfer'];
    const named = folders.flatMap((folder) =>
      readdirSync(folder)
        .filter((file) => file.endsWith('.ts'))
        .flatMap((file) => [...readFileSync(`${folder}/${file}`, 'utf8').matchAll(/\bcause: '([a-z-]+)'/g)])
        .map(([, cause]) => cause),
    );
    expect(named).toContain('no-endpoint');
    for (const cause of named) expect(DELIVERY_CAUSES).toContain(cause);
  });
});
