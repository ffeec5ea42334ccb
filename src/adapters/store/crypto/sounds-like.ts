/**
 * Names as they are compared. Written for French and English names, which meet in the same file: `Lefèvre`/`Lefebvre`,
 * `Renault`/`Reno`, `Philippe`/`Filip`, `Smith`/`Smyth`, `Katherine`/`Catherine`.
 */

/** Letters and digits only, without case, accents, ligatures or spacing (Unicode NFKD). Empty when nothing is left. */
export function foldName(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/œ/g, 'oe')
    .replace(/æ/g, 'ae')
    .replace(/ß/g, 'ss')
    .replace(/ø/g, 'o')
    .replace(/ł/g, 'l')
    .replace(/đ/g, 'd')
    .replace(/[^\p{L}\p{N}]/gu, '');
}

/** The whole name and each part of a compound one, folded: `Okafor-Bello` → okaforbello, okafor, bello. */
export function nameParts(name: string): readonly string[] {
  const parts = name.split(/[\s\-'’]+/u).map(foldName);
  return [...new Set([foldName(name), ...parts])].filter((part) => part.length > 1);
}

/** In order; each rule reads what the ones before it left. Upper-case letters are finished sounds. */
const RULES: readonly (readonly [RegExp, string])[] = [
  // What French spells and does not say at the end of a name, and the many spellings of its vowels.
  [/(au|eau)(x|lt|lts|ld|d|t|s)?$/, 'o'],
  [/ou(lt|x|s|t|d)$/, 'ou'],
  [/ebv/, 'ev'],
  [/ight/g, 'iT'],
  [/(?<=[aeiouy]|[^aeiouy]{2}|[nr])[stdxz]$/, ''],
  [/(?<=m)p$/, ''],
  [/(?<=.)e(s|nt)?$/, ''],
  // Beginnings that English does not say.
  [/^(kn|gn)(?=[aeiou])/, 'n'],
  [/^wr/, 'r'],
  [/^(mac|mc)(?=[^aeiou])/, 'mk'],
  // Two letters, one sound.
  [/ph/g, 'F'],
  [/sch|sh|ch(?=[aeiouy])|tch/g, 'X'],
  [/ch/g, 'K'],
  [/th/g, 'T'],
  [/gn/g, 'N'],
  [/gh/g, ''],
  [/ck|cq|qu|q/g, 'K'],
  [/dg(?=[eiy])|g(?=[eiy])|j/g, 'J'],
  [/gu(?=[eiy])|g/g, 'G'],
  [/(?<=[aeiou])ti(?=o)/g, 'S'],
  [/sc(?=[eiy])|c(?=[eiy])/g, 'S'],
  [/c|k/g, 'K'],
  [/x/g, 'KS'],
  [/ill/g, 'y'],
  [/[zs]/g, 'S'],
  [/[vwf]/g, 'F'],
  [/b/g, 'B'],
  [/p/g, 'P'],
  [/d/g, 'D'],
  [/t/g, 'T'],
  [/l/g, 'L'],
  [/r/g, 'R'],
  // Before a consonant French says a nasal vowel for either.
  [/[mn]/g, 'N'],
  [/h/g, ''],
];

/**
 * How a folded Latin name sounds: its consonants and whether it begins with a vowel.
 *
 * @returns empty for other scripts and for names that leave nothing
 */
export function soundOf(folded: string): string {
  if (!/^[a-z]+$/.test(folded)) return '';
  let sound = folded;
  for (const [pattern, replacement] of RULES) sound = sound.replace(pattern, replacement);
  const first = /^[aeiouy]/.test(sound) ? 'A' : '';
  return first + sound.replace(/[^A-Z]/g, '').replace(/(.)\1+/g, '$1');
}
