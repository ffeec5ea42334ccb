import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tokensOf } from '../../../src/adapters/store/crypto/blind-index.js';
import { open, seal, type Place } from '../../../src/adapters/store/crypto/envelope.js';
import { createKeyring } from '../../../src/adapters/store/crypto/keyring.js';
import { foldName, nameParts, soundOf } from '../../../src/adapters/store/crypto/sounds-like.js';
import { newId, type OrganizationId } from '../../../src/kernel/ids.js';
import type { IndexedIdentity } from '../../../src/transfer/stored-case.js';

const place: Place = { table: 'case_version', row: 'org/case', version: 1 };
const unreadable = expect.objectContaining({ code: 'store.unreadable' }) as Error;

describe('an envelope', () => {
  it('gives back what was sealed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const key = randomBytes(32);
        const plaintext = Buffer.from(bytes);
        expect(open(key, seal(key, plaintext, place), place).equals(plaintext)).toBe(true);
      }),
    );
  });

  it('never gives the same bytes twice', () => {
    const key = randomBytes(32);
    expect(seal(key, 'x', place).equals(seal(key, 'x', place))).toBe(false);
  });

  it.each<[string, Place]>([
    ['table', { ...place, table: 'consent_version' }],
    ['row', { ...place, row: 'org/other' }],
    ['version', { ...place, version: 2 }],
  ])('does not open at another %s', (_what, other) => {
    const key = randomBytes(32);
    expect(() => open(key, seal(key, 'content', place), other)).toThrow(unreadable);
  });

  it('does not open with another key, nor with any bit changed, nor cut', () => {
    const key = randomBytes(32);
    const sealed = seal(key, 'content', place);
    expect(() => open(randomBytes(32), sealed, place)).toThrow(unreadable);
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const changed = Buffer.from(sealed);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(() => open(key, changed, place)).toThrow(unreadable);
    }
    for (let length = 0; length < sealed.length; length += 1) {
      expect(() => open(key, sealed.subarray(0, length), place)).toThrow(unreadable);
    }
  });

  it('keeps its failure free of content', () => {
    try {
      open(randomBytes(32), Buffer.from('secret content that is not sealed at all'), place);
      expect.unreachable();
    } catch (error) {
      expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('secret');
    }
  });
});

describe('the keyring', () => {
  it('wants 32 bytes', () => {
    expect(() => createKeyring(randomBytes(31))).toThrow('32 bytes');
  });

  it('unwraps a data key for its own person only, with its own master key only', () => {
    const keyring = createKeyring(randomBytes(32));
    const key = keyring.newDataKey();
    const person: Place = { table: 'person', row: 'p1', version: 1 };
    const wrapped = keyring.wrap(key, person);
    expect(keyring.unwrap(wrapped, person).equals(key)).toBe(true);
    expect(() => keyring.unwrap(wrapped, { ...person, row: 'p2' })).toThrow(unreadable);
    expect(() => createKeyring(randomBytes(32)).unwrap(wrapped, person)).toThrow(unreadable);
  });

  it('blinds the same value differently for each tenant, field and master key', () => {
    const master = randomBytes(32);
    const keyring = createKeyring(master);
    const [one, two] = [newId<OrganizationId>(), newId<OrganizationId>()];
    const token = keyring.blind(one, 'family', 'okafor');
    expect(createKeyring(master).blind(one, 'family', 'okafor').equals(token)).toBe(true);
    expect(keyring.blind(two, 'family', 'okafor').equals(token)).toBe(false);
    expect(keyring.blind(one, 'given', 'okafor').equals(token)).toBe(false);
    expect(createKeyring(randomBytes(32)).blind(one, 'family', 'okafor').equals(token)).toBe(false);
  });
});

describe('names', () => {
  it.each([
    ['Lefèvre', 'LEFEVRE'],
    ['Œuvrard', 'oeuvrard'],
    ["O'Brien", 'obrien'],
    ['Jean-Pierre', 'jean pierre'],
    ['Zoë', 'Zoe\u0308'],
    ['Groß', 'gross'],
    ['ＭＡＲＩＥ', 'marie'],
  ])('%s is written like %s', (one, two) => {
    expect(foldName(one)).toBe(foldName(two));
  });

  it.each([
    ['Lefèvre', 'Lefebvre'],
    ['Dupont', 'Dupond'],
    ['Renault', 'Reno'],
    ['Renaud', 'Renault'],
    ['Gauthier', 'Gautier'],
    ['Philippe', 'Filip'],
    ['Thibault', 'Thibaud'],
    ['Mathieu', 'Matthieu'],
    ['Roy', 'Roi'],
    ['Hélène', 'Elene'],
    ['Catherine', 'Katherine'],
    ['Smith', 'Smyth'],
    ['Stephen', 'Steven'],
    ['Okafor', 'Okaphor'],
    ['Wright', 'Rite'],
    ['Knight', 'Nite'],
    ['Jacques', 'Jaques'],
    ['Bernard', 'Bernart'],
    ['Moreau', 'Moro'],
    ['Marchand', 'Marchant'],
    ['Nicolas', 'Nikola'],
  ])('%s sounds like %s', (one, two) => {
    expect(soundOf(foldName(one))).toBe(soundOf(foldName(two)));
    expect(soundOf(foldName(one))).not.toBe('');
  });

  it.each([
    ['Okafor', 'Martin'],
    ['Dupont', 'Durand'],
    ['Marie', 'Monique'],
    ['Smith', 'Jones'],
    ['Bernard', 'Bertrand'],
    ['Grace', 'Daniel'],
  ])('%s does not sound like %s', (one, two) => {
    expect(soundOf(foldName(one))).not.toBe(soundOf(foldName(two)));
  });

  it('of other scripts are compared as written, without a sound', () => {
    expect(foldName('محمد')).toBe('محمد');
    expect(soundOf(foldName('محمد'))).toBe('');
  });

  it('with several parts are found by each', () => {
    expect(nameParts('Okafor-Bello')).toEqual(['okaforbello', 'okafor', 'bello']);
  });

  it('take no time that grows beyond their length', () => {
    const started = performance.now();
    for (const name of ['a'.repeat(50_000), 'tion'.repeat(10_000), 'e'.repeat(50_000) + 's']) soundOf(foldName(name));
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

describe('the blind index', () => {
  const keyring = createKeyring(randomBytes(32));
  const organizationId = newId<OrganizationId>();
  const identity = (change: Partial<IndexedIdentity>): IndexedIdentity => ({ names: [], identifiers: [], ...change });
  const meet = (one: IndexedIdentity, two: IndexedIdentity): number => {
    const known = new Set(tokensOf(keyring, organizationId, one).map(({ token }) => token.toString('hex')));
    return tokensOf(keyring, organizationId, two)
      .filter(({ token }) => known.has(token.toString('hex')))
      .reduce((sum, { weight }) => sum + weight, 0);
  };
  const grace = identity({ names: [{ family: 'Okafor', given: ['Grace'] }], birthDate: '1991-05-17' });

  it('never holds a birth date alone', () => {
    expect(tokensOf(keyring, organizationId, identity({ birthDate: '1991-05-17' }))).toEqual([]);
    expect(meet(grace, identity({ names: [{ family: 'Martin', given: ['Luc'] }], birthDate: '1991-05-17' }))).toBe(0);
  });

  it('finds by sound and by a birth date known less exactly, the exact one better', () => {
    const same = meet(grace, grace);
    const sound = meet(grace, identity({ names: [{ family: 'Okaphor', given: ['Grace'] }], birthDate: '1991-05-17' }));
    const year = meet(grace, identity({ names: [{ family: 'Okaphor', given: [] }], birthDate: '1991' }));
    const other = meet(grace, identity({ names: [{ family: 'Okaphor', given: [] }], birthDate: '1955' }));
    expect(same).toBeGreaterThan(sound);
    expect(sound).toBeGreaterThan(year);
    expect(year).toBeGreaterThan(other);
    expect(other).toBeGreaterThan(0);
  });

  it('knows an identifier within its system only', () => {
    const one = identity({ identifiers: [{ system: 'https://a.example', value: '12-34 5' }] });
    expect(meet(one, identity({ identifiers: [{ system: 'https://a.example', value: '12345' }] }))).toBeGreaterThan(0);
    expect(meet(one, identity({ identifiers: [{ system: 'https://b.example', value: '12345' }] }))).toBe(0);
  });

  it('ignores a birth date that is none', () => {
    expect(tokensOf(keyring, organizationId, { ...grace, birthDate: 'unknown' }).length).toBeLessThan(
      tokensOf(keyring, organizationId, grace).length,
    );
  });
});
