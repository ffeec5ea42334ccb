import type { CodeMap } from '../code-map.js';
import type { Resolved } from '../expression/resolved.js';
import type { Place, Report } from '../finding.js';
import type { ArrNode, MapForm, Node } from '../template/intermediate.js';
import { carriersOf, keyStepsOf } from './carried.js';
import { inverseOf } from './inverse.js';
import { matchOf } from './match.js';
import { isPositional } from './positional.js';
import { idOfTarget, narrowedBy, pathOfTarget, settingsOf, targetOf, targetsIn } from './target.js';
import { areApart, NOTHING_TOLD, partItems, testOf, type Telling } from './tell-apart.js';

/**
 * Checks that a pack has a way back: each leaf has an inverse or says that it is derived, items of a list and maps of a
 * resource type can be told apart, conditions can be undone, and keys are carried.
 */
export function checkReverse(maps: readonly MapForm[], recordKey: Resolved | null, report: Report): void {
  for (const map of maps) {
    const carried = carriedIn(map);
    const telling: Telling = { ...NOTHING_TOLD, narrowed: narrowedBy(map.where) };
    checkNode(map.template, { report, carried, telling });
    checkCondition(map.where, map.place, 'where', carried, report);
    checkCodes(map, report);
    checkJoins(map, carried, report);
    if (keyStepsOf(map) === null && !isRecordKey(map, recordKey))
      report(
        map.places.key,
        'No leaf outside a list of its own carries the key: on the way back nothing says whose it is.',
      );
  }
  checkApart(maps, report);
}

interface Checking {
  readonly report: Report;
  /** Ids and paths of all fields that some leaf of the map takes back. */
  readonly carried: ReadonlySet<string>;
  readonly telling: Telling;
}

function carriedIn(map: MapForm): Set<string> {
  const targets = carriersOf(map.template).flatMap(({ inverse }) =>
    inverse.way.kind === 'nothing' ? [] : [inverse.way.target],
  );
  return new Set(targets.flatMap((target) => [idOfTarget(target), pathOfTarget(target)]));
}

const isRecordKey = (map: MapForm, recordKey: Resolved | null): boolean =>
  recordKey !== null && [...map.key.reads].at(-1) === [...recordKey.reads].at(-1);

function checkNode(node: Node, checking: Checking): void {
  const { report } = checking;
  switch (node.kind) {
    case 'const':
      return;
    case 'leaf':
      if (!node.constant && !node.derived && inverseOf(node) === null)
        report(
          node.place,
          'No inverse of this can be derived: write { get: …, put: derived }, and carry what it reads in another leaf.',
        );
      return;
    case 'obj':
      for (const member of node.members) checkNode(member.node, checking);
      return;
    case 'arr':
      checkItems(node, checking);
      return;
    case 'each':
      checkCondition(node.where, node.place, 'where', checking.carried, report);
      checkNode(node.body, checking);
      return;
    case 'if':
      checkCondition(node.criteria, node.place, 'if', checking.carried, report);
      if (node.otherwise !== null) checkElse(node, node.otherwise, checking);
      checkNode(node.then, checking);
      return;
  }
}

function checkElse(node: Node & { kind: 'if' }, otherwise: Node, checking: Checking): void {
  const [then, other] = [testOf(node.then), testOf(otherwise)];
  checkNode(otherwise, checking);
  if (then === null || other === null || !areApart(then, other))
    checking.report(otherwise.place, 'What else gives cannot be told from what the condition gives on the way back.');
}

function checkItems(node: ArrNode, checking: Checking): void {
  for (const item of node.items) checkNode(item, checking);
  if (isPositional(node)) return;
  const parted = partItems(node.items.map((item) => testOf(item, checking.telling)));
  parted.forEach((test, index) => {
    if (typeof test === 'number')
      checking.report(
        node.items[index]!.place,
        `This item cannot be told from the one of line ${node.items[test]!.place.line} on the way back: give one of them a constant that the other cannot have.`,
      );
  });
}

/** A condition is undone by what it reads being carried, or by `x = 'c'`, alone or in an `and`, which presence sets. */
function checkCondition(
  criteria: Resolved | null,
  place: Place,
  word: string,
  carried: ReadonlySet<string>,
  report: Report,
): void {
  if (criteria === null) return;
  const set = new Set(settingsOf(criteria).map(({ target }) => pathOfTarget(target)));
  const lost = targetsIn(criteria).find(
    (target) => target.node.kind === 'value' && !carried.has(pathOfTarget(target)) && !set.has(pathOfTarget(target)),
  );
  if (lost !== undefined)
    report(
      place,
      `The way back of this ${word} cannot be derived: no leaf carries ${pathOfTarget(lost)}, which it reads.`,
    );
}

/** A code map that loses a distinction needs a leaf that carries the exact code. */
function checkCodes(map: MapForm, report: Report): void {
  const carriers = carriersOf(map.template);
  const exact = new Set(
    carriers.flatMap(({ inverse }) => (inverse.way.kind === 'store' ? [idOfTarget(inverse.way.target)] : [])),
  );
  for (const { leaf, inverse } of carriers) {
    const { way } = inverse;
    if (way.kind !== 'code' || exact.has(idOfTarget(way.target))) continue;
    const codes = way.target.node.kind === 'value' ? way.target.node.codes : undefined;
    if (!keepsApart(way.table, way.column, codes))
      report(
        leaf.place,
        `The code map ${way.table.name} does not keep all codes of ${pathOfTarget(way.target)} apart: another leaf must carry the exact code.`,
      );
  }
}

function keepsApart(table: CodeMap, column: string, codes: readonly string[] | undefined): boolean {
  if (table.unmapped.policy !== 'copy' && (codes === undefined || codes.some((code) => !table.rows.has(code))))
    return false;
  const given = [...table.rows.values()].map((row) => row.columns.get(column));
  return given.every((code) => code !== undefined) && new Set(given).size === given.length;
}

function checkJoins(map: MapForm, carried: ReadonlySet<string>, report: Report): void {
  for (const { alias, key, on, place, table } of map.joins) {
    const writes = [...carried].some((id) => id.startsWith(`${alias.variable}.`));
    const known =
      carried.has(`${alias.variable}.${key}`) ||
      on.some(({ column, value }) => column === key && targetOf(value) !== null);
    if (writes && !known)
      report(place, `The row of ${table} cannot be made on the way back: no leaf carries its key ${key}.`);
  }
}

function checkApart(maps: readonly MapForm[], report: Report): void {
  const tests = maps.map((map) => matchOf(map));
  maps.forEach((map, index) => {
    const clash = maps.findIndex(
      (other, before) =>
        before < index && other.resourceType === map.resourceType && !areApart(tests[before]!, tests[index]!),
    );
    if (clash >= 0)
      report(
        map.places.match[0] ?? map.place,
        `A ${map.resourceType} of this map cannot be told from one of ${maps[clash]!.name}: match more.`,
      );
  });
}
