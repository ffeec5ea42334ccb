import { describe, expect, it } from 'vitest';
import { diffGroups } from '../../console/src/admin/agreements/diff-lines.js';
import { formOf, textOf, wrongFields } from '../../console/src/admin/agreements/draft-form.js';
import { sentencesOf, type AgreementText } from '../../console/src/admin/agreements/sentences.js';
import { standingOf, stepsFor, unsignedBy } from '../../console/src/admin/agreements/steps-for.js';
import type { Agreement } from '../../console/src/api/views.js';
import type { Agreement as Domain } from '../../src/domain/agreement/agreement.js';
import { diffAgreements } from '../../src/domain/agreement/diff.js';
import { agreementInput, viewOf } from '../../src/http/schemas/agreement.js';
import { instant } from '../../src/kernel/clock.js';
import { AGREEMENTS, CCAS, LES_TILLEULS, TOIT_COMMUN } from '../../src/demo/world.js';
import { wordsIn } from './say-in.js';

const NOW = instant('2026-03-01T00:00:00Z');
const stored = AGREEMENTS[0]!;
const shown = (agreement: Domain): AgreementText => viewOf(agreement, NOW) as AgreementText;
const overview = (current: Domain, pending: Domain | null = null): Agreement => ({
  ...shown(current),
  pending: pending === null ? null : shown(pending),
});
const inLanguage = (lang: 'en' | 'fr'): string =>
  sentencesOf(shown(stored), wordsIn(lang))
    .flatMap(({ heading, sentences }) => [heading, ...sentences])
    .join('\n');

describe('an agreement in sentences', () => {
  it('says who sends what to whom, why, on which ground, for how long', () => {
    const text = inLanguage('en');
    for (const sentence of [
      'This is between CCAS de Valmont, Toit Commun, and Les Tilleuls.',
      'For access to housing',
      'CCAS de Valmont may send to Toit Commun: identity, ways to reach the person, household, housing, income and rights, needs, goals and plan.',
      'Under data-protection law it rests on a public task (GDPR art. 6(1)(e)).',
      'Whoever is bound to secrecy may speak on: express consent.',
      'CCAS de Valmont and Toit Commun are controllers, each for its own part.',
      'In force from 2026-01-01, without an end date.',
      'Relais deletes its copy of the content 30 days after the receipt; the proofs stay.',
      'The recipient keeps what it received for 365 days, then deletes it. It certifies that in writing.',
      'The recipient may pass it on only with the person’s consent to that.',
      'The glass may be broken for identity, ways to reach the person, for 24 hours at most; it is reviewed within 7 days.',
      'Impact assessment: favourable opinion. Kept under AIPD 2025-1.',
      'It does not leave the European Union.',
    ]) {
      expect(text).toContain(sentence);
    }
  });

  it('says the same in French', () => {
    const text = inLanguage('fr');
    for (const sentence of [
      'Finalité : accès au logement',
      'CCAS de Valmont peut communiquer à Toit Commun : identité, moyens de joindre la personne',
      'Le destinataire conserve ce qu’il a reçu pendant 365 jours, puis le supprime. Il en atteste par écrit.',
      'Le bris de glace est admis pour : identité, moyens de joindre la personne, pendant 24 heures au plus',
    ]) {
      expect(text).toContain(sentence);
    }
  });

  it.each(['en', 'fr'] as const)('in %s shows no code and no id', (lang) => {
    expect(inLanguage(lang)).not.toMatch(/[0-9a-f]{8}-|\b(HOUSING|COC|public-task|controller-|undefined|null)\b|\{\{/);
  });

  it('names what a text from paper does not say', () => {
    const { retention: _, onward: _o, ...paper } = stored;
    const text = sentencesOf(shown(paper as Domain), wordsIn('en'))
      .flatMap(({ sentences }) => sentences)
      .join('\n');
    expect(text).toContain('Not said in this text: Retention at the recipient and Passing on.');
  });
});

describe('differences as lines', () => {
  const later: Domain = {
    ...stored,
    version: 2,
    purgeAfterDays: 60,
    parties: [CCAS.id, TOIT_COMMUN.id],
    // The purposes change places: the first of one text is the second of the other.
    purposes: [
      { ...stored.purposes[1]!, dataProtectionBasis: 'consent' },
      { ...stored.purposes[0]!, categories: ['identity', 'contact', 'health'] },
    ],
  };
  const changes = diffAgreements(stored, later).map(({ text, ...rest }) => ({ ...rest, text: text.en }));
  const groups = diffGroups(changes, shown(stored), shown(later), wordsIn('en'));
  const lineOf = (place: string, element: string) =>
    groups.find((group) => group.place === place)?.lines.filter((line) => line.element === element);

  it('say before and after of a clause', () => {
    expect(lineOf('For the whole agreement', 'Copy kept by Relais')).toEqual([
      expect.objectContaining({ before: '30 days', after: '60 days', effect: 'other' }),
    ]);
    expect(lineOf('For the whole agreement', 'Parties')).toEqual([
      expect.objectContaining({ before: 'Les Tilleuls', after: null }),
    ]);
  });

  it('say what a purpose gains and loses, and that of the right purpose', () => {
    const lines = lineOf('For access to housing', 'Categories');
    expect(lines).toContainEqual(expect.objectContaining({ before: null, after: 'health', effect: 'wider' }));
    expect(lines).toContainEqual(expect.objectContaining({ before: 'household', after: null, effect: 'narrower' }));
    expect(lineOf('For continuity of care', 'Data-protection basis')).toEqual([
      expect.objectContaining({
        before: 'a public task (GDPR art. 6(1)(e))',
        after: 'consent (GDPR art. 6(1)(a))',
      }),
    ]);
  });

  it('lose none of what differs', () => {
    expect(groups.flatMap(({ lines }) => lines)).toHaveLength(changes.length);
    for (const { before, after } of groups.flatMap(({ lines }) => lines)) expect(before ?? after).toBeTruthy();
  });

  it('take the gateway’s sentence where the page has no words', () => {
    const unknown = {
      path: '/later',
      element: 'title',
      kind: 'changed',
      effect: 'other',
      text: 'It says so.',
    } as const;
    const nothing = { ...unknown, element: 'reviewOn' };
    const without = (({ reviewOn: _, ...rest }) => rest)(shown(stored)) as AgreementText;
    const [group] = diffGroups([nothing], without, without, wordsIn('en'));
    expect(group?.lines[0]).toMatchObject({ before: null, after: 'It says so.' });
  });
});

describe('the steps that a page offers', () => {
  const draft: Domain = { ...stored, version: 2, status: 'draft', proposal: { kind: 'amendment', by: CCAS.id } };
  const proposed: Domain = {
    ...draft,
    status: 'proposed',
    signatures: [{ party: CCAS.id, person: 'nadia', at: NOW, textDigest: 'a'.repeat(64) }],
  };
  const steps = (agreement: Agreement, own: string) => stepsFor(standingOf(agreement), own);

  it('let only the author propose, and any party give up a draft', () => {
    expect(steps(overview(stored, draft), CCAS.id).negotiated).toEqual(['propose', 'discard']);
    expect(steps(overview(stored, draft), TOIT_COMMUN.id).negotiated).toEqual(['discard']);
  });

  it('let who has not signed countersign, once', () => {
    expect(steps(overview(stored, proposed), TOIT_COMMUN.id).negotiated).toEqual(['countersign', 'withdraw']);
    expect(steps(overview(stored, proposed), CCAS.id).negotiated).toEqual(['withdraw']);
    expect(unsignedBy(standingOf(overview(stored, proposed)))).toEqual([TOIT_COMMUN.id, LES_TILLEULS.id]);
  });

  it('let a party lift its own suspension alone', () => {
    const suspended: Domain = { ...stored, status: 'suspended', suspendedBy: [TOIT_COMMUN.id] };
    expect(steps(overview(suspended), TOIT_COMMUN.id).inForce).toEqual(['resume', 'leave']);
    expect(steps(overview(suspended), CCAS.id).inForce).toEqual(['suspend', 'leave']);
  });

  it('end what two agreed on, and leave what more agreed on', () => {
    expect(steps(overview(AGREEMENTS[1]!), CCAS.id).inForce).toEqual(['suspend', 'terminate']);
    expect(steps(overview(stored), CCAS.id).inForce).toEqual(['suspend', 'leave']);
    expect(steps(overview(stored), 'somebody else').inForce).toEqual([]);
  });
});

describe('the form of a draft', () => {
  const form = formOf(shown(stored));

  it('saved as it was opened asks for the same text', () => {
    const asked = agreementInput.parse(textOf(shown(stored), form, 2));
    const after = { ...stored, ...asked, id: stored.id } as Domain;
    expect(asked.version).toBe(2);
    expect(diffAgreements(stored, after)).toEqual([]);
  });

  it('takes over what was typed, and leaves the rest', () => {
    const typed = {
      ...form,
      validUntil: '2027-06-30',
      retentionDays: '90',
      answerWithinDays: '15',
      categories: [['identity'] as const, ...form.categories.slice(1)],
    };
    const asked = agreementInput.parse(textOf(shown(stored), typed, 2));
    expect(asked).toMatchObject({
      validUntil: '2027-06-30T00:00:00.000Z',
      retention: { days: 90, then: 'delete', certificate: true },
      answerWithinDays: 15,
      onward: { kind: 'consented' },
    });
    expect(asked.purposes.map(({ categories }) => categories)).toEqual([
      ['identity'],
      ['identity', 'contact', 'health'],
    ]);
  });

  it('keeps a beginning to the second where its day stays', () => {
    const base = { ...shown(stored), validFrom: '2026-01-01T08:30:00.000Z' };
    expect(textOf(base, formOf(base), 2)).toMatchObject({ validFrom: '2026-01-01T08:30:00.000Z' });
  });

  it.each([
    [{ titleFr: ' ' }, 'titleFr'],
    [{ validFrom: '' }, 'validFrom'],
    [{ validUntil: '2026-01-01' }, 'validUntil'],
    [{ categories: [[], ['identity']] }, 'categories.0'],
    [{ purgeAfterDays: '' }, 'purgeAfterDays'],
    [{ purgeAfterDays: '1.5' }, 'purgeAfterDays'],
    [{ retentionDays: '-1' }, 'retentionDays'],
    [{ answerWithinDays: '0' }, 'answerWithinDays'],
  ] as const)('marks %j', (change, field) => {
    expect(wrongFields({ ...form, ...change })).toContain(field);
  });

  it('marks nothing where nothing is wrong', () => expect(wrongFields(form)).toEqual([]));
});
