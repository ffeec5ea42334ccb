import { describe, expect, it } from 'vitest';
import { say, withFrenchSpaces, withPlainSpaces } from '../../src/kernel/i18n.js';

describe('the spaces of French', () => {
  it.each([
    ['Confirmer ?', 'Confirmer\u00a0?'],
    ['Motif : « refus »', 'Motif\u00a0: «\u00a0refus\u00a0»'],
    ['Le statut « closed ».', 'Le statut «\u00a0closed\u00a0».'],
    ['« Pourquoi ? », dit-elle', '«\u00a0Pourquoi\u00a0?\u00a0», dit-elle'],
    ['<b>Attention !</b> (vraiment ?)', '<b>Attention\u00a0!</b> (vraiment\u00a0?)'],
    ['un ; deux', 'un\u00a0; deux'],
    // What is not punctuation stays: an attribute, a path, a selector, a time.
    ['a :hover b ?x=1', 'a :hover b ?x=1'],
    ['à 10:30', 'à 10:30'],
  ])('%s', (written, read) => {
    expect(withFrenchSpaces(written)).toBe(read);
    expect(withFrenchSpaces(read)).toBe(read);
    expect(withPlainSpaces(read)).toBe(written);
  });
});

describe('a text is said', () => {
  const text = { en: 'Why ? « {words} »', fr: 'Motif : « {words} »' };

  it('in French with the spaces of French, in English as it is written', () => {
    expect(say(text, 'fr', { words: 'x' })).toBe('Motif\u00a0: «\u00a0x\u00a0»');
    expect(say(text, 'en', { words: 'x' })).toBe('Why ? « x »');
  });

  it('with what stands in for a parameter as it is', () => {
    expect(say(text, 'fr', { words: 'a : b' })).toBe('Motif\u00a0: «\u00a0a : b\u00a0»');
  });
});
