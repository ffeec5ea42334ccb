import type { OrganizationId } from '../../../kernel/ids.js';
import type { IndexedIdentity } from '../../../transfer/stored-case.js';
import type { Keyring } from './keyring.js';
import { foldName, nameParts, soundOf } from './sounds-like.js';

/** One keyed hash that a person can be found by. */
export interface IndexToken {
  readonly token: Buffer;
  /** How much a match says: an identifier is nearly proof, a given name alone is nothing. */
  readonly weight: number;
}

/**
 * The blind index of an identity. The same function makes what is stored and what is searched for, so they meet where a
 * name, its sound, a birth date together with a name, or an identifier within its system is the same.
 *
 * A birth date never stands alone: 30,000 of them could be tried against a leaked index.
 */
export function tokensOf(
  keyring: Keyring,
  organizationId: OrganizationId,
  identity: IndexedIdentity,
): readonly IndexToken[] {
  const tokens = new Map<string, IndexToken>();
  const add = (field: string, value: string, weight: number): void => {
    const token = keyring.blind(organizationId, field, value);
    tokens.set(token.toString('hex'), { token, weight });
  };
  const births = birthPrefixes(identity.birthDate);
  const addName = (kind: 'family' | 'given', written: string, weight: number): void => {
    for (const part of nameParts(written)) {
      add(kind, part, weight);
      const sound = soundOf(part);
      // One consonant is the sound of too many names.
      if (sound.length >= 2) add(`${kind}-sound`, sound, weight - 1);
      for (const birth of births) add(`birth+${kind}`, `${birth}|${sound.length >= 2 ? sound : part}`, 2);
    }
  };
  for (const { family, given } of identity.names) {
    if (family !== undefined) addName('family', family, 5);
    for (const name of given) addName('given', name, 2);
  }
  for (const { system, value } of identity.identifiers) {
    const folded = foldName(value);
    if (folded !== '') add('identifier', JSON.stringify([system, folded]), 12);
  }
  return [...tokens.values()];
}

/** A date known to the day also matches one known to the month or the year. */
function birthPrefixes(birthDate: string | undefined): readonly string[] {
  if (birthDate === undefined || !/^\d{4}(-\d{2}(-\d{2})?)?$/.test(birthDate)) return [];
  return [4, 7, 10].filter((length) => birthDate.length >= length).map((length) => birthDate.slice(0, length));
}
