import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeOf, context, EVERYTHING, load } from './compile.js';

const map = (text: string): string => `map: t/need
from: { each: needs, as: need, key: id }
to: Condition
match: [identifier]
fhir:
  identifier: [{ value: "{{ need.id }}" }]
  code: { text: ${JSON.stringify(text)} }
  subject: { display: somebody }
  note: [{ text: "{{ need.note }}" }]
`;

describe('hostile text', () => {
  it('in a record comes out unchanged, whatever it is', async () => {
    const toFhir = await load('case', { maps: map('x') });
    const texts = [
      '{{ need.id }}',
      '$(x)',
      '%agency',
      '__proto__',
      "'; process.exit(); //",
      '`${1}`',
      '\u2028\u0000"\\',
      '{{',
      '}}',
      '0',
    ];
    fc.assert(
      fc.property(fc.oneof(fc.constantFrom(...texts), fc.string({ minLength: 1, unit: 'binary' })), (note) => {
        const [made] = toFhir({ person: { id: 'p' }, needs: [{ id: note, note }] }, EVERYTHING, context) as unknown as [
          { resource: { note: { text: string }[]; identifier: { value: string }[] } },
        ];
        expect(made.resource.note).toEqual([{ text: note }]);
        expect(made.resource.identifier).toEqual([{ value: note }]);
      }),
    );
  });

  it('in a template is text in the module, never code', async () => {
    const texts = [
      '"; throw 1; //',
      '\\"; throw 1; //',
      '`${process.exit()}`',
      '*/ throw 1; /*',
      '\u2028throw 1;',
      "'); throw 1; ('",
      '__proto__',
      '</script>',
    ];
    for (const text of texts) {
      const toFhir = await load('case', { maps: map(text) });
      const [made] = toFhir(
        { person: { id: 'p' }, needs: [{ id: 'n', note: 'x' }] },
        EVERYTHING,
        context,
      ) as unknown as [{ resource: { code: object } }];
      expect(made.resource.code).toEqual({ text });
    }
  });

  it('in a name of a map stays in the comment and the literals', async () => {
    const maps = map('x').replace('map: t/need', 'map: "t\\u2028throw 1;\\n throw 2;"');
    const lines = codeOf('case', { maps }).split(/[\n\r\u2028\u2029]/);
    expect(lines.filter((line) => /^\s*throw/.test(line))).toEqual([]);
    await expect(load('case', { maps })).resolves.toBeTypeOf('function');
  });

  it('in a literal of an expression compares as text', async () => {
    const maps = map('x').replace(
      '"{{ need.note }}"',
      `"{{ iif(need.note = '\\\\'\\"); throw 1; //', 'same', 'other') }}"`,
    );
    const toFhir = await load('case', { maps });
    const [made] = toFhir(
      { person: { id: 'p' }, needs: [{ id: 'n', note: '\'"); throw 1; //' }] },
      EVERYTHING,
      context,
    ) as unknown as [{ resource: { note: object } }];
    expect(made.resource.note).toEqual([{ text: 'same' }]);
  });

  it('as members named __proto__ or constructor is not read', async () => {
    const toFhir = await load('case', { maps: map('x') });
    const need = JSON.parse('{"id":"n","__proto__":{"note":"inherited"},"constructor":{"note":"x"}}') as object;
    expect(toFhir({ person: { id: 'p' }, needs: [need] }, EVERYTHING, context)).toEqual([]);
  });

  it('as ten thousand needs ends well within a tenth of a second of blocked time per thousand', async () => {
    const toFhir = await load('case', { maps: map('x') });
    const needs = Array.from({ length: 10_000 }, (_, index) => ({ id: `n${index}`, note: 'n' }));
    const start = performance.now();
    expect(toFhir({ person: { id: 'p' }, needs }, EVERYTHING, context)).toHaveLength(10_000);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
