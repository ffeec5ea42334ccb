import type { CellKind } from '../domain/mapping/coverage/cell.js';
import { LOSS_REASONS, type LossReason } from '../domain/mapping/run/loss.js';
import type { ForwardRun, ReverseRun } from '../domain/mapping/run/run-mapping.js';
import type { Runnable } from '../domain/mapping/run/runnable.js';
import type { Coverage } from '../domain/mapping/coverage/summarise.js';
import { TIERS, type Tier } from '../domain/mapping/coverage/tier.js';
import type { TracedElement } from '../domain/mapping/trace/traced.js';
import type { Text } from '../kernel/i18n.js';
import type { CliContext } from './context.js';

const REASONS: Readonly<Record<LossReason, Text>> = {
  never: { en: 'can never leave', fr: 'ne peut jamais sortir' },
  'not-permitted': { en: 'is not permitted', fr: 'n’est pas permis' },
  'no-rule': { en: 'no map has a rule for it', fr: 'aucune correspondance n’a de règle pour cela' },
  'not-converted': { en: 'could not be converted', fr: 'n’a pas pu être converti' },
  'not-returned': { en: 'leaves and does not come back', fr: 'sort et ne revient pas' },
  changed: { en: 'comes back as something else', fr: 'revient sous une autre forme' },
};

const KINDS: Readonly<Record<CellKind, Text>> = {
  content: { en: 'content', fr: 'contenu' },
  key: { en: 'key', fr: 'clé' },
  metadata: { en: 'metadata', fr: 'métadonnée' },
  never: { en: 'working notes', fr: 'notes de travail' },
};

const TIER_TEXTS: Readonly<Record<Tier, Text>> = {
  'standard-element': { en: 'standard element', fr: 'élément standard' },
  'standard-extension': { en: 'standard extension', fr: 'extension standard' },
  'own-extension': { en: 'own extension', fr: 'extension propre' },
  generic: { en: 'generic carrier', fr: 'support générique' },
  residue: { en: 'residue', fr: 'résidu' },
  lost: { en: 'lost', fr: 'perdu' },
};

/** Places of losses that are listed one by one before only their number is told. */
const MOST_LISTED = 40;

/** Resources, and with `trace` each element with its source; then what is lost. Places and rules, no content. */
export function forwardLines(context: CliContext, { trace, loss }: ForwardRun, withTrace: boolean): string[] {
  const { say, count } = context;
  const lines = trace.flatMap(({ resourceType, map, elements }) => [
    say(
      { en: '{type} by {map}: {n} elements', fr: '{type} par {map} : {n} éléments' },
      { type: resourceType, map, n: count(elements.length) },
    ),
    ...(withTrace ? elements.map((element) => `  ${originText(context, element)}`) : []),
  ]);
  return [
    ...lines,
    say({ en: '{n} resources.', fr: '{n} ressources.' }, { n: count(trace.length) }),
    ...LOSS_REASONS.flatMap((reason) => {
      const own = loss.filter((one) => one.reason === reason);
      if (own.length === 0) return [];
      const rest = own.length - MOST_LISTED;
      return [
        say({ en: '{n} × {why}:', fr: '{n} × {why} :' }, { n: count(own.length), why: say(REASONS[reason]) }),
        ...own
          .slice(0, MOST_LISTED)
          .map(({ path, kind }) => `  ${path}${kind === 'content' ? '' : ` (${say(KINDS[kind])})`}`),
        ...(rest > 0 ? [say({ en: '  and {n} more', fr: '  et {n} autres' }, { n: count(rest) })] : []),
      ];
    }),
    ...(loss.length === 0 ? [say({ en: 'Nothing is lost.', fr: 'Rien ne se perd.' })] : []),
  ];
}

/** `Condition.recordedDate ← needs[1].identifiedOn  mappings/case/need.map.yaml:39:18` */
function originText({ say }: CliContext, element: TracedElement): string {
  const { path, sources, kind, codes, file, line, column } = element;
  const how = {
    value: '',
    constant: say({ en: 'constant', fr: 'constante' }),
    reference: say({ en: 'reference', fr: 'référence' }),
    computed: say({ en: 'computed', fr: 'calculé' }),
    code: say({ en: 'code map {name}', fr: 'table de codes {name}' }, { name: codes ?? '' }),
  }[kind];
  const from = [sources.join(', '), how === '' ? '' : `(${how})`].filter(Boolean).join(' ');
  return `${path} ← ${from}  ${file}:${line}:${column}`;
}

/** What came back, by entity, and what was kept aside. */
export function reverseLines(
  { say, count }: CliContext,
  mapping: Runnable,
  run: ReverseRun,
  withTrace: boolean,
): string[] {
  const cells = mapping.cellsOf(run.record);
  const groups = [...new Set(cells.map(({ group }) => group))];
  const origins = run.trace.map(
    ({ path, entry, element, file, line, column }) =>
      `  ${path} ← entry[${entry}] ${element}  ${file}:${line}:${column}`,
  );
  return [
    ...(withTrace ? origins : []),
    ...groups.map((group) =>
      say(
        { en: '{group}: {n} values', fr: '{group} : {n} valeurs' },
        { group, n: count(cells.filter((cell) => cell.group === group).length) },
      ),
    ),
    ...run.kept.map(({ map, path, reason }) =>
      say(
        { en: 'kept aside: {map} {path} ({reason})', fr: 'mis de côté : {map} {path} ({reason})' },
        { map, path, reason },
      ),
    ),
    ...run.conflicts.map(({ map, path }) =>
      say(
        { en: 'two values for one field: {map} {path}', fr: 'deux valeurs pour un champ : {map} {path}' },
        { map, path },
      ),
    ),
    ...run.refused.map(({ map, path }) =>
      say({ en: 'not permitted: {map} {path}', fr: 'non permis : {map} {path}' }, { map, path }),
    ),
    say(
      {
        en: '{n} values came back; --json prints the record.',
        fr: '{n} valeurs sont revenues ; --json affiche le dossier.',
      },
      { n: count(cells.length) },
    ),
  ];
}

/** Tiers in percent and in numbers, by entity or table, and the fields that have no home in a standard. */
export function coverageLines(context: CliContext, coverage: Coverage & { readonly outside: number }): string[] {
  const { say, count } = context;
  const { counts, tiers, groups, homeless, records, changed, back, outside } = coverage;
  const all = counts.content + counts.key + counts.metadata;
  const shares = (of: Readonly<Record<Tier, number>>, total: number): string =>
    TIERS.filter((tier) => of[tier] > 0)
      .map((tier) => `${say(TIER_TEXTS[tier])} ${percent(of[tier], total)} (${count(of[tier])})`)
      .join(', ');
  return [
    say(
      {
        en: '{records} records: {content} values of content, {keys} keys, {metadata} metadata, {never} that never leave.',
        fr: '{records} dossiers : {content} valeurs de contenu, {keys} clés, {metadata} métadonnées, {never} qui ne sortent jamais.',
      },
      {
        records: count(records),
        content: count(counts.content),
        keys: count(counts.key),
        metadata: count(counts.metadata),
        never: count(counts.never),
      },
    ),
    changed === counts.content
      ? say({ en: 'Measured by changing each value of content.', fr: 'Mesuré en modifiant chaque valeur de contenu.' })
      : say(
          {
            en: 'Measured by changing {n} values: of each column and code, and of each set of elements that it becomes, until three agree, all of them where they do not; the others are counted like those.',
            fr: 'Mesuré en modifiant {n} valeurs : pour chaque colonne et code, et chaque ensemble d’éléments qui en résulte, jusqu’à ce que trois concordent, toutes sinon ; les autres sont comptées comme celles-ci.',
          },
          { n: count(changed) },
        ),
    say(
      {
        en: 'Back as they were, with residue deleted: {part} ({n} of {all} values, keys and metadata included; each was compared).',
        fr: 'Revenues telles quelles, résidu supprimé : {part} ({n} sur {all} valeurs, clés et métadonnées comprises ; chacune a été comparée).',
      },
      { part: percent(back, all), n: count(back), all: count(all) },
    ),
    ...(outside === 0
      ? []
      : [
          say(
            {
              en: '{n} values of tables that no map reads are kept as they were imported and not counted here.',
              fr: '{n} valeurs de tables qu’aucune correspondance ne lit sont gardées comme importées et ne sont pas comptées ici.',
            },
            { n: count(outside) },
          ),
        ]),
    ...TIERS.flatMap((tier) => [
      `  ${say(TIER_TEXTS[tier])}: ${percent(tiers[tier], counts.content)} (${count(tiers[tier])})`,
      ...(tier === 'standard-element' ? [ownCodeText(context, coverage)] : []),
    ]),
    '',
    ...groups.map(({ group, content, tiers: own }) => `  ${group}: ${shares(own, content)}`),
    '',
    say({ en: 'Without a home in a standard:', fr: 'Sans place dans un standard :' }),
    ...homeless.map(({ pattern, tier, count: n }) => `  ${count(n)} × ${pattern}: ${say(TIER_TEXTS[tier])}`),
  ];
}

/** A standard element of an Observation that only our profiles explain is less than one that every reader knows. */
const ownCodeText = ({ say, count }: CliContext, { counts, ofOwnCode }: Coverage): string =>
  say(
    {
      en: '    of these in Observations whose code is Relais’ own alone: {part} ({n})',
      fr: '    dont dans des Observations dont le code n’est que celui de Relais : {part} ({n})',
    },
    { part: percent(ofOwnCode, counts.content), n: count(ofOwnCode) },
  );

/** One decimal; a share of nothing is none. */
export const percent = (part: number, whole: number): string =>
  `${whole === 0 ? '0.0' : ((100 * part) / whole).toFixed(1)} %`;
