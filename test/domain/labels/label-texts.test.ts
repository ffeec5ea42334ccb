import { describe, expect, it } from 'vitest';
import { labelTable } from '../../../src/domain/case/label-table.js';
import { labelText } from '../../../src/domain/labels/label-texts.js';
import { DATA_LABELS, maskOf, SENSITIVITIES } from '../../../src/domain/labels/labels.js';
import { NEVER_BY_DEFAULT } from '../../../src/domain/labels/never-by-default.js';
import { shippedRules } from '../../support/label-rules.js';
import { explainWithheld, withholdText } from '../../../src/domain/labels/withhold-texts.js';

describe('words', () => {
  it('every label has a name in English and French, no two the same', () => {
    expect(DATA_LABELS).toHaveLength(30);
    for (const lang of ['en', 'fr'] as const) {
      expect(new Set(DATA_LABELS.map((label) => labelText(label)[lang])).size).toBe(30);
    }
  });

  it('says why something stays', () => {
    const withheld = { path: '/x', labels: ['third-party', 'free-text'], reason: 'never-by-default' } as const;
    expect(explainWithheld(withheld, 'en')).toBe(
      'Stays here: never shared by default (information about other people, text written freely).',
    );
    expect(explainWithheld(withheld, 'fr')).toBe(
      'Reste ici\u00a0: jamais communiqué par défaut (informations sur des tiers, texte libre).',
    );
    expect(withholdText('never').fr).toContain('notes de travail');
  });
});

describe('never shared by default', () => {
  it.each(SENSITIVITIES)('%s marks exactly the fields that are written down', (sensitivity) => {
    const marked = [...labelTable().values()].filter(
      ({ kind, labels }) => kind === 'field' && labels.includes(sensitivity),
    );
    expect(marked.map(({ path }) => path)).toEqual(NEVER_BY_DEFAULT[sensitivity]);
  });

  it.each(SENSITIVITIES)('%s is carried by a field or by a code', (sensitivity) => {
    const masks = [...shippedRules.case.byEntity.values()].flatMap((fields) =>
      fields.flatMap(({ values }) => [...values.values()]),
    );
    const byCode = masks.some((mask) => (mask & maskOf([sensitivity])) !== 0);
    expect(byCode || NEVER_BY_DEFAULT[sensitivity].length > 0).toBe(true);
  });

  it.each([
    ['person.nationalities', 'immigration'],
    ['person.immigrationStatus', 'immigration'],
    ['person.religion', 'religion'],
    ['person.ethnicities', 'ethnicity'],
    ['person.sexualOrientation', 'sexuality'],
    ['housing.situation.shelterName', 'protected-address'],
    ['household.members[].given', 'third-party'],
    ['relatives[].phone', 'third-party'],
    ['professionals[].organization', 'third-party'],
    ['interventions[].summary', 'free-text'],
    ['documents[].content', 'attachment'],
    ['income.bankAccounts[].iban', 'bank-details'],
    ['safety.safeguardingConcerns[].kind', 'safeguarding'],
    ['safety.staffAlerts[].kind', 'staff-alert'],
    ['workingNotes[].text', 'working-notes'],
  ])('%s carries %s', (path, label) => {
    expect(labelTable().get(path)?.labels).toContain(label);
  });

  it('ages of the household can be shared with the category alone', () => {
    expect(labelTable().get('household.members[].age')?.labels).toEqual(['household']);
  });
});
