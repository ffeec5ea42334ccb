import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alertsOf } from '../../../src/domain/agreement/alerts.js';
import type { Agreement } from '../../../src/domain/agreement/agreement.js';
import { registerCsv, registerLine, registerOf } from '../../../src/domain/agreement/register.js';
import { instant } from '../../../src/kernel/clock.js';
import { writeCsv } from '../../../src/kernel/csv.js';
import { inForce, NOON, THIRD } from '../../support/agreements.js';
import { RECIPIENT, SENDER } from '../../support/terms.js';

const names = (id: string): string => (id === SENDER ? 'CCAS "Centre", Valmont' : '=HYPERLINK("http://evil.example")');

describe('the register of processing', () => {
  it.each<[string, Partial<Agreement>, number]>([
    ['in force', {}, 1],
    ['suspended: what was received is still processed', { status: 'suspended' }, 1],
    ['a draft', { status: 'draft' }, 0],
    ['proposed', { status: 'proposed' }, 0],
    ['terminated', { status: 'terminated' }, 0],
    ['over', { validUntil: NOON }, 0],
  ])('has an entry for each purpose of what is live: %s', (_, change, entries) => {
    expect(registerOf([inForce(change)], SENDER, NOON)).toHaveLength(entries);
  });

  it('lists only what the organization takes part in, with its role', () => {
    expect(registerOf([inForce()], THIRD, NOON)).toEqual([]);
    expect(registerOf([inForce()], RECIPIENT, NOON)).toMatchObject([{ ownRole: 'controller' }]);
  });

  it('says everything that article 30 asks for, in both languages, and "not said" for what an old paper leaves out', () => {
    const [entry] = registerOf([inForce()], SENDER, NOON);
    const en = registerLine(entry!, names, 'en');
    const fr = registerLine(entry!, names, 'fr');
    expect(en).toMatchObject({
      purpose: 'access to housing',
      retention: '365 days, then deleted, with a certificate',
      thirdCountries: 'none',
    });
    expect(fr).toMatchObject({
      purpose: 'accès au logement',
      ownRole: 'responsable du traitement',
      onward: 'interdite',
    });
    for (const value of Object.values({ ...en, ...fr })) expect(value).not.toMatch(/undefined|[{}]/);
    const { retention: _r, onward: _o, dpia: _d, thirdCountries: _t, ...old } = inForce();
    expect(registerLine(registerOf([old], SENDER, NOON)[0]!, names, 'en')).toMatchObject({
      retention: 'not said',
      onward: 'not said',
      dpia: 'not said',
      thirdCountries: 'not said',
    });
  });

  it('as CSV is read back cell by cell, and no cell of it is a formula', () => {
    const lines = registerOf([inForce()], SENDER, NOON).map((entry) => registerLine(entry, names, 'en'));
    const rows: string[][] = parse(registerCsv(lines, 'en'));
    expect(rows).toHaveLength(2);
    expect(rows[0]).toHaveLength(rows[1]!.length);
    expect(rows[1]).toContain('CCAS "Centre", Valmont');
    expect(rows[1]).toContain(`'=HYPERLINK("http://evil.example")`);
    expect(rows[1]!.filter((cell) => /^\s*[=+\-@]/.test(cell))).toEqual([]);
  });
});

describe('CSV', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1', '\u200b=1', '＝1', '\n@x'])(
    'shows %j as text',
    (cell) => {
      const [[read]] = parse(writeCsv([[cell]])) as [[string]];
      expect(read).toBe(`'${cell}`);
    },
  );

  it('gives back what was written, whatever it is, with an apostrophe at most (RFC 4180)', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 2, maxLength: 3 }), { minLength: 1 }),
        (rows) => {
          const text = writeCsv(rows);
          expect(text.endsWith('\r\n')).toBe(true);
          const read: string[][] = parse(text, { relax_column_count: true, record_delimiter: '\r\n' });
          expect(read.map((row) => row.map((cell) => cell.replace(/^'/, '')))).toEqual(
            rows.map((row) => row.map((cell) => cell.replace(/^'/, ''))),
          );
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('an alert', () => {
  const at = instant('2026-02-10T12:00:00Z');
  it.each([
    ['2026-02-10T12:00:00Z', 0, 'over'],
    ['2026-02-09T00:00:00Z', -1, 'over'],
    ['2026-02-10T12:00:01Z', 1, 'urgent'],
    ['2026-02-24T12:00:00Z', 14, 'urgent'],
    ['2026-02-24T12:00:01Z', 15, 'soon'],
    ['2026-04-11T12:00:00Z', 60, 'soon'],
    ['2026-05-11T12:00:00Z', 90, 'later'],
  ])('for an end on %s has %i days left and is %s', (end, daysLeft, level) => {
    const due = alertsOf(inForce({ validUntil: instant(end), reviewOn: '2027-01-01' }), at);
    expect(due).toEqual([{ kind: 'ends', on: end.slice(0, 10), daysLeft, level }]);
  });

  it('is not given for what is far, open-ended, terminated or not in force yet', () => {
    const { validUntil: _, ...open } = inForce();
    expect(alertsOf(open, at)).toEqual([]);
    expect(alertsOf(inForce({ validUntil: instant('2026-05-11T12:00:01Z') }), at)).toEqual([]);
    for (const status of ['draft', 'proposed', 'terminated'] as const)
      expect(alertsOf(inForce({ status, validUntil: at }), at)).toEqual([]);
  });

  it('is given for a review as well', () => {
    expect(alertsOf(inForce({ reviewOn: '2026-03-01' }), at)).toEqual([
      { kind: 'review', on: '2026-03-01', daysLeft: 19, level: 'soon' },
    ]);
  });
});
