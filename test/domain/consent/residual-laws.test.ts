import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readPolicy } from '../../../src/domain/consent/read-policy.js';
import { deriveResidual } from '../../../src/domain/consent/residual/derive-residual.js';
import { consent, data, label, made, purpose, to } from './support/consents.js';
import { letsOut, says, type Datum } from './support/enforce.js';

const WHO = ['Practitioner/a', 'Practitioner/b'];
const PURPOSES = ['TREAT', 'HPAYMT', 'HRESCH'];
const LABELS = ['N', 'R', 'PSY', 'HIV'];
const part = <T extends object>(some: fc.Arbitrary<T>): fc.Arbitrary<T | object> => fc.oneof(fc.constant({}), some);
const some = (values: readonly string[]) => fc.subarray([...values], { minLength: 1 });
const scope = fc
  .tuple(
    part(some(LABELS).map((codes) => label(...codes))),
    part(
      fc
        .constantFrom(...[2020, 2021, 2022])
        .chain((year) => fc.constantFrom(year, year + 1).map((end) => made(`${year}-01-01`, `${end}-12-31`))),
    ),
    part(
      fc.oneof(
        some(['Observation/1', 'Observation/2']).map((ids) => data('instance', ...ids)),
        some(['Encounter/1', 'Encounter/2']).map((ids) => data('related', ...ids)),
        some(WHO).map((ids) => data('authoredby', ...ids)),
      ),
    ),
  )
  .map((parts): object => Object.assign({}, ...(parts as object[])) as object);
const provision = (type: 'permit' | 'deny') =>
  fc
    .tuple(scope, part(some(WHO).map((who) => to(...who))), part(some(PURPOSES).map((codes) => purpose(...codes))))
    .map((parts) => Object.assign({ type }, ...parts) as object);
const anyProvision = fc.oneof(provision('permit'), provision('deny'));
const exceptions = fc.array(anyProvision, { maxLength: 4 });
const datum: fc.Arbitrary<Datum> = fc.record({
  id: fc.constantFrom('Observation/1', 'Observation/2', 'Observation/3'),
  sensitivities: fc.subarray(['PSY', 'HIV']),
  year: fc.constantFrom(2019, 2020, 2021, 2022, 2023),
  encounter: fc.constantFrom('Encounter/1', 'Encounter/2', 'Encounter/3'),
  author: fc.constantFrom(...WHO, 'Practitioner/c'),
});
const requester = fc.constantFrom(...WHO, 'Practitioner/c');
const asked = fc.constantFrom(...PURPOSES);
const build = (root: object, nested: readonly object[]) =>
  consent('Advanced', { ...root, ...(nested.length > 0 && { provision: nested }) });
const ask = (resource: unknown, who: string, why: string) =>
  deriveResidual(readPolicy(resource), { at: '2026-02-10T10:00:00.000Z', requester: [who], purposes: [why] });
const RUNS = { numRuns: 1500 };

describe('residual rules', () => {
  test('never let out a datum that the consent, read directly, does not permit', () => {
    let letOut = 0;
    fc.assert(
      fc.property(anyProvision, exceptions, datum, requester, asked, (root, nested, one, who, why) => {
        const resource = build(root, nested);
        const read = readPolicy(resource);
        if (read.outcome !== 'read') throw new Error(read.reasons[0].code);
        if (!letsOut(ask(resource, who, why), one)) return;
        letOut += 1;
        expect(says(read.policy.root, who, why, one)).toBe(true);
      }),
      RUNS,
    );
    expect(letOut).toBeGreaterThan(50); // the law is about something
  });

  test('another denial never lets more out', () => {
    fc.assert(
      fc.property(
        anyProvision,
        exceptions,
        provision('deny'),
        datum,
        requester,
        asked,
        (root, nested, denial, one, who, why) => {
          if (!letsOut(ask(build(root, [...nested, denial]), who, why), one)) return;
          expect(letsOut(ask(build(root, nested), who, why), one)).toBe(true);
        },
      ),
      RUNS,
    );
  });

  test('one permission less never lets more out', () => {
    fc.assert(
      fc.property(
        anyProvision,
        exceptions,
        provision('permit'),
        datum,
        requester,
        asked,
        (root, nested, permission, one, who, why) => {
          if (!letsOut(ask(build(root, nested), who, why), one)) return;
          expect(letsOut(ask(build(root, [...nested, permission]), who, why), one)).toBe(true);
        },
      ),
      RUNS,
    );
  });

  test('a consent with one part that is not understood lets nothing out', () => {
    const broken = fc.constantFrom(
      { extension: [{ url: 'urn:x' }] },
      { purpose: [{ code: 'TREAT' }] },
      { data: [{ meaning: 'dependents', reference: { reference: 'Observation/1' } }] },
      { period: { start: '2027', end: '2026' } },
      { class: [{ system: 'urn:x', code: 'x' }] },
      { securityLabel: [] },
    );
    fc.assert(
      fc.property(anyProvision, exceptions, anyProvision, broken, datum, requester, asked, (root, nested, ...rest) => {
        const [last, wrong, one, who, why] = rest;
        const answer = ask(build(root, [...nested, { ...last, ...wrong }]), who, why);
        expect(answer.outcome).toBe('deny');
        expect(letsOut(answer, one)).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});
