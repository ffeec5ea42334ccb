import { describe, expect, it } from 'vitest';
import { withFrenchSpaces } from '../../src/kernel/i18n.js';

describe('the spaces of French', () => {
  it.each([
    ['Confirmer ?', 'Confirmer\u00a0?'],
    ['Motif : « refus »', 'Motif\u00a0: «\u00a0refus\u00a0»'],
    ['<b>Attention !</b> (vraiment ?)', '<b>Attention\u00a0!</b> (vraiment\u00a0?)'],
    ['un ; deux', 'un\u00a0; deux'],
    // What is not punctuation stays: an attribute, a path, a selector, a time.
    ['a :hover b ?x=1', 'a :hover b ?x=1'],
    ['à 10:30', 'à 10:30'],
  ])('%s', (written, read) => {
    expect(withFrenchSpaces(written)).toBe(read);
  });
});
