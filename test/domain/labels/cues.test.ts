import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Case } from '../../../src/domain/case/schema.js';
import { findCues } from '../../../src/domain/labels/cues/find-cues.js';
import { reviewDigest } from '../../../src/domain/labels/cues/prose.js';
import { DATA_LABELS, labelsOf, maskOf, NEVER } from '../../../src/domain/labels/labels.js';
import { withhold } from '../../../src/domain/labels/withhold.js';
import { arbitraryCase } from '../../support/arbitrary-case.js';
import { rulesWith, shippedRules } from '../../support/label-rules.js';

const cuesIn = (text: string): string => labelsOf(findCues(shippedRules.cues, text)).join(' ');

describe('words', () => {
  it.each([
    ['She was depressed last winter.', 'psychiatry'],
    ['Elle est DÉPRIMÉE depuis mars', 'psychiatry'],
    ['Elle est de\u0301prime\u0301e depuis mars', 'psychiatry'],
    ['deprimee', 'psychiatry'],
    ['dé\u00adpression', 'psychiatry'],
    ['ｄｅｐｒｅｓｓｅｄ', 'psychiatry'],
    ['Deux overdoses en 2024', 'addiction'],
    ['un problème d’alcool', 'addiction'],
    ["l'alcoolisme du père", 'addiction'],
    ['toxicomane', 'addiction'],
    ['suivi au CSAPA', 'addiction'],
    ['vit avec le VIH', 'hiv'],
    ['séro-positive', 'hiv'],
    ['She has AIDS', 'hiv'],
    ['hearing aids', ''],
    ['enceintes', 'reproductive-health'],
    ['une IVG en mai', 'reproductive-health'],
    ['homosexuelle', 'sexuality'],
    ['her partner is violent', 'violence'],
    ['victime de violences', 'violence'],
    ['coups reçus', 'violence'],
    ['le violon', ''],
    ['women’s refuge', 'violence'],
    ['garde à vue', 'justice'],
    ['la garde des enfants est à vérifier', ''],
    ['demandeuse d’asile', 'immigration'],
    ['une obligation de quitter (OQTF)', 'immigration'],
    ['information préoccupante', 'safeguarding'],
    ['catholiques pratiquants', 'religion'],
    ['Her cœur is fine', ''],
    ['Premier entretien, trois loyers de retard.', ''],
    ['Sidaction-free text about residual sidate words', ''],
    ['', ''],
    ['12 3 4 !', ''],
  ])('%j may speak of %j', (text, labels) => {
    expect(cuesIn(text)).toBe(labels);
  });

  it('are looked for in no more time than the text is long, whatever it is made of', () => {
    const hostile = [
      'a'.repeat(400_000),
      'dep '.repeat(100_000),
      'é\u0301'.repeat(200_000),
      'garde à '.repeat(50_000),
      '\u200b'.repeat(400_000),
      '\ufdfa'.repeat(20_000),
      'stress post '.repeat(40_000),
      '[('.repeat(200_000),
    ];
    for (const text of hostile) {
      const before = performance.now();
      cuesIn(text);
      expect(performance.now() - before).toBeLessThan(3000);
    }
  });
});

const person = { id: 'p', anonymous: true } as const;
const noted = (note: string, reviewed?: string): Case => ({
  schemaVersion: 1,
  person,
  needs: [
    {
      id: 'n',
      category: 'food',
      status: 'active',
      note,
      ...(reviewed !== undefined && { about: { note: { source: 'observed', reviewed } } }),
    },
  ],
});
const free = maskOf(['identity', 'needs', 'free-text']);
const everything = maskOf(DATA_LABELS.filter((label) => label !== NEVER));

describe('a text with a cue', () => {
  const text = 'Elle a fait une rechute.';

  it('waits until somebody has read it, and is listed with what it may speak of', () => {
    const { record, withheld } = withhold(shippedRules, noted(text), free);
    expect(record.needs?.[0]?.note).toBeUndefined();
    expect(withheld).toEqual([
      { path: '/needs/0/note', labels: ['addiction'], reason: 'to-review', text: reviewDigest(text) },
    ]);
  });

  it('leaves once this very text was read, and waits again when it is changed', () => {
    const reviewed = reviewDigest(text);
    const read = withhold(shippedRules, noted(text, reviewed), free);
    expect(read.record.needs?.[0]?.note).toBe(text);
    expect(JSON.stringify(read.record)).not.toContain(reviewed);
    expect(withhold(shippedRules, noted(`${text} Encore.`, reviewed), free).record.needs?.[0]?.note).toBeUndefined();
  });

  it('is never let go by having been read where it is not permitted at all', () => {
    const { record } = withhold(shippedRules, noted(text, reviewDigest(text)), maskOf(['identity', 'needs']));
    expect(record.needs?.[0]?.note).toBeUndefined();
  });

  it('leaves where what it may speak of is permitted', () => {
    expect(withhold(shippedRules, noted(text), free | maskOf(['addiction'])).record.needs?.[0]?.note).toBe(text);
  });

  it('names a condition that no code names', () => {
    const record: Case = {
      schemaVersion: 1,
      person,
      health: { conditions: [{ id: 'c', kind: 'other', name: 'Dépression sévère', status: 'active' }] },
    };
    const { record: left } = withhold(shippedRules, record, maskOf(['identity', 'health']));
    expect(left.health?.conditions?.[0]?.name).toBeUndefined();
    expect(left.health?.conditions?.[0]?.kind).toBe('other');
  });

  it('says nothing where it is the name of a person or of a place', () => {
    const record: Case = {
      schemaVersion: 1,
      person: { id: 'p', names: [{ id: 'a', kind: 'legal', family: 'Prison' }] },
    };
    expect(withhold(shippedRules, record, maskOf(['identity'])).record).toEqual(record);
  });
});

it('cues only ever take away: without them everything that leaves with them leaves too', { timeout: 1_600_000 }, () => {
  const none = rulesWith('cues.yaml', (text) => `${text.slice(0, text.indexOf('cues:'))}cues: []\n`);
  fc.assert(
    fc.property(arbitraryCase(), fc.subarray([...DATA_LABELS]).map(maskOf), (record, permitted) => {
      const without = new Set(withhold(none, record, permitted).kept.map(({ path }) => path));
      const with_ = withhold(shippedRules, record, permitted);
      expect(with_.kept.filter(({ path }) => !without.has(path))).toEqual([]);
      expect(with_.withheld.filter(({ reason, text }) => (reason === 'to-review') !== (text !== undefined))).toEqual(
        [],
      );
    }),
    { numRuns: Number(process.env['RELAIS_PROPERTY_RUNS'] ?? 60) },
  );
});

it('words of what is permitted hold nothing back', () => {
  const held = withhold(shippedRules, noted('prison, alcool, VIH, viol'), everything).withheld;
  expect(held).toEqual([]);
});
