import { DATA_LABELS, maskOf, NEVER, type LabelMask } from '../../labels/labels.js';
import { placeOf } from '../expression/resolve.js';
import type { PackForm } from '../read-pack.js';
import { carriersOf, keyStepsOf, writersOf } from '../reverse/carried.js';
import { inverseOf } from '../reverse/inverse.js';
import { matchOf } from '../reverse/match.js';
import { idOfTarget, settingsOf, targetOf } from '../reverse/target.js';
import { testOf, type Test } from '../reverse/tell-apart.js';
import type { MapForm } from '../template/intermediate.js';
import { freshName, inner, quote, write, type Block, type Emitter } from './emitter.js';
import { property, stepsOf } from './expression.js';
import { keyValue, solveText } from './put-leaf.js';
import { putMembers } from './put-node.js';
import { createScope, placeText, writeLate, type Putting } from './put-scope.js';
import { createReverseEmitter, guardOf, systemField, testText, type ReverseEmitter } from './reverse-emitter.js';
import { REVERSE_HELPERS } from './reverse-helpers.js';
import { sourceText } from './source-fields.js';

/**
 * Generates `fromFhir(bundle, permitted, ctx)` of a pack. First pass: whose resource each one is, and under which names
 * it can be referred to. Second pass: one put function a map, straight-line code, one store or comparison a leaf.
 */
export function generateReverse(emitter: Emitter, pack: PackForm): string {
  const reverse = createReverseEmitter(emitter);
  const matches = pack.maps.map((map, index) => matchFunctions(reverse, map, index + 1));
  const puts = pack.maps.map((map, index) => putFunction(reverse, pack, map, index + 1));
  const person = pack.maps.find((map) => map.source.kind === 'one' && !map.keyedWithinRecord);
  const recordKey = pack.recordKey;
  const types = [...new Set(pack.maps.map(({ resourceType }) => resourceType))];
  const kinds = types.map((type) => kindOfType(reverse, pack, type));
  const metas = pack.maps.map(
    (map, index) =>
      `const M${index + 1} = { name: ${quote(map.name)}, label: ${labelOf(map)}, policy: ${quote(map.unmapped)} };`,
  );
  const never = maskOf([NEVER]);
  const constants = [...reverse.systems.values()].map(({ field, value }) => `    ${field}: ${value},\n`).join('');
  const personEnd =
    recordKey === null
      ? ''
      : `  if (s.person !== undefined && (s.no & ${recordKey.mask}) === 0) ${ownPlace(recordKeyPath(pack)!)} = ${keyValue(placeOf(recordKey).node, 's.person')};\n`;
  return `${metas.join('\n')}
const METAS = [null, ${pack.maps.map((_, index) => `M${index + 1}`).join(', ')}];
const MAPS = [null, ${pack.maps.map(({ name }) => quote(name)).join(', ')}];
const KEYS = Object.assign(Object.create(null), ${JSON.stringify(Object.fromEntries([...reverse.keys, ...listKeys(pack)]))});
export function fromFhir(bundle, permitted, ctx) {
  const entries = R.entriesOf(bundle);
  const s = runOf(ctx, ~(permitted & ~${never}));
  const found = [];
  let known;
  for (let i = 0; i < entries.length; i++) {
    const { fullUrl: url, resource: r } = entries[i];
    if (r === undefined) continue;
    const fullUrl = typeof url === "string" ? url : undefined;
    const n = kindOf(s, r);
    const key = n === 0 ? undefined : keyOf(s, n, r) ?? R.keyOf(r, fullUrl);
    const it = n === 0 || key === undefined ? { n: 0, map: "", key: "", r } : { n, map: MAPS[n], key, r };
    if (it.n === 0) stray(s, r, i); else found.push(it);
    R.nameResource(s, it, fullUrl);
${person === undefined ? '' : `    if (r.resourceType === ${quote(person.resourceType)}) {\n      const own = it.n === 0 ? R.strangerKey(r, fullUrl, i) : "=" + it.key;\n      if (known !== undefined && known !== own) R.refusePersons();\n      known = own;\n    }\n`}  }
  for (let i = 0; i < found.length; i++) {
    const { n, r, key } = found[i];
    switch (n) {
${pack.maps.map((_, index) => `      case ${index + 1}: put${index + 1}(s, r, key); break;`).join('\n')}
    }
  }
  if (s.stranger !== undefined && known !== undefined && s.person !== undefined) R.refusePersons();
${personEnd}  return { record: s.record, residue: s.residue, conflicts: s.conflicts, refused: s.refused };
}
function runOf(ctx, no) {
  return { ctx, own: ownOf(ctx), record: {}, i0: 0, i1: 0, i2: 0, no, left: R.elements, looks: R.looks, byId: new Map(), byName: undefined, lists: new Map(), residue: [], conflicts: [], refused: [], refusedKeys: new Set(), person: undefined, subject: undefined, stranger: undefined, never: ${~(maskOf(DATA_LABELS) & ~never) | 0} };
}
export function identify(ctx) {
  const s = runOf(ctx, 0);
  return (r, fullUrl) => {
    s.looks = R.looks;
    const n = kindOf(s, r);
    const key = n === 0 ? undefined : keyOf(s, n, r) ?? R.keyOf(r, fullUrl);
    return key === undefined ? null : { map: MAPS[n], key, label: METAS[n].label, policy: METAS[n].policy };
  };
}
${sourceText(pack)}
let own;
function ownOf(ctx) {
  const base = ctx.identifierBase;
  if (own !== undefined && own.base === base) return own;
  const s = { ctx, names: namesOf(ctx) };
  own = {
    base,
${constants}  };
  return own;
}
function kindOf(s, r) {
  switch (r.resourceType) {
${kinds.join('\n')}
    default: return 0;
  }
}
function keyOf(s, n, r) {
  switch (n) {
${pack.maps.map((map, index) => `    case ${index + 1}: return key${index + 1}(s, r)${isRecordKeyed(pack, map) && map.keyedWithinRecord ? ' ?? ""' : ''};`).join('\n')}
  }
}
${matches.join('\n')}
${puts.join('\n')}
${REVERSE_HELPERS}`;
}

/**
 * The kind of a resource among the maps of its type. Where several maps ask for an identifier of a system, each of its
 * own, the only identifier of a resource says which of them it can be, and what else that map asks is asked; other
 * resources are asked map by map.
 */
function kindOfType(reverse: ReverseEmitter, pack: PackForm, type: string): string {
  const maps = pack.maps.flatMap((map, index) => (map.resourceType === type ? [{ map, n: index + 1 }] : []));
  const all = `${maps.map(({ n }) => `match${n}(s, r) ? ${n} : `).join('')}0`;
  const known = maps.map(({ map }) => identifiedBy(reverse, map)).filter((one) => one !== null);
  if (maps.length < 3 || new Set(known.map(({ system }) => system)).size < maps.length) {
    return `    case ${quote(type)}: return ${all};`;
  }
  const cases = maps.map(
    ({ n }, index) => `      if (system === ${known[index]!.system}) return ${known[index]!.rest} ? ${n} : 0;`,
  );
  return `    case ${quote(type)}: {
      const system = onlySystem(r.identifier);
      if (system === undefined) return ${all};
      const only = r.identifier[0];
${cases.join('\n')}
      return 0;
    }`;
}

/**
 * JavaScript for the system that an identifier of the map's resources must have, and for what else is asked of a resource
 * whose `only` identifier has it; null when the map asks for none.
 */
function identifiedBy(
  reverse: ReverseEmitter,
  map: MapForm,
): { readonly system: string; readonly rest: string } | null {
  const asked = matchOf(map);
  const member = asked.members.find(({ name, soft }) => name === 'identifier' && !soft);
  const list = member?.test.kind === 'list' ? member.test : null;
  const item = list?.some.length === 1 && list.any.length === 0 ? list.some[0]! : null;
  const system =
    item?.kind === 'object' ? item.members.find(({ name, soft }) => name === 'system' && !soft) : undefined;
  if (item?.kind !== 'object' || system === undefined) return null;
  const text = systemText(reverse, system.test);
  if (text === null) return null;
  const ofItem = { ...item, members: item.members.filter((one) => one !== system) };
  const ofOthers = { ...asked, members: asked.members.filter((one) => one !== member) };
  const rest = [testText(reverse, ofItem, 'only'), testText(reverse, ofOthers, 'r')].filter((one) => one !== 'true');
  return { system: text, rest: rest.length === 0 ? 'true' : rest.join(' && ') };
}

function systemText(reverse: ReverseEmitter, test: Test): string | null {
  if (test.kind === 'system') return systemField(reverse, test.leaf);
  return test.kind === 'const' ? quote(test.value) : null;
}

const recordKeyPath = (pack: PackForm): string | null =>
  pack.recordKey === null ? null : ([...pack.recordKey.reads].at(-1) ?? null);

/** `person.id` as a place of the record, made when it is not there. */
function ownPlace(path: string): string {
  const names = path.split('.');
  const owner = names.slice(0, -1).reduce((of, name) => `(${property(of, name, true)} ??= {})`, 's.record');
  return property(owner, names.at(-1)!, true);
}

const isRecordKeyed = (pack: PackForm, map: MapForm): boolean => [...map.key.reads].at(-1) === recordKeyPath(pack);

/** Lists of the record that maps go through, with the names of their keys. */
function listKeys(pack: PackForm): [string, string][] {
  return pack.maps.flatMap((map): [string, string][] =>
    map.source.kind === 'each' && map.key.op === 'member' ? [[map.alias.path.replace(/\[\]$/, ''), map.key.name]] : [],
  );
}

/** Everything that a map reads: what an element that nobody knows is taken for. */
const labelOf = (map: MapForm): LabelMask =>
  carriersOf(map.template).reduce((mask, { leaf }) => mask | leaf.mask, map.key.mask | map.alias.mask);

function matchFunctions(reverse: ReverseEmitter, map: MapForm, n: number): string {
  const condition = testText(reverse, matchOf(map), 'r');
  const found = keyStepsOf(map);
  const lines: string[] = [];
  const block: Block = { lines, depth: 1, granted: 0, flags: new Map() };
  if (found !== null) writeKey(reverse, block, found, 'r');
  return `function match${n}(s, r) { return ${condition}; }
function key${n}(s, r) {
${lines.join('\n')}
}`;
}

/** The first element that passes the slice's test gives the key. */
function writeKey(
  reverse: ReverseEmitter,
  block: Block,
  found: NonNullable<ReturnType<typeof keyStepsOf>>,
  of: string,
): void {
  const [step, ...steps] = found.steps;
  if (step === undefined) {
    const { prefix = '', suffix = '' } = inverseOf(found.leaf) ?? {};
    const [start, end] = [quote(prefix), quote(suffix)];
    const whole = `typeof ${of} === "string" && ${of} !== ""`;
    // A key without our text around it is another system's: it is taken whole.
    const inside = `(${of}.length > ${prefix.length + suffix.length} && ${of}.startsWith(${start}) && ${of}.endsWith(${end}) ? ${of}.slice(${prefix.length}, ${of}.length - ${suffix.length}) : ${of})`;
    write(block, `if (${whole}) return ${prefix === '' && suffix === '' ? of : inside};`);
    return;
  }
  const variable = freshName(reverse.emitter, 'k');
  if ('name' in step) {
    write(block, `const ${variable} = ${property(of, step.name, false)};`);
    writeKey(reverse, block, { ...found, steps }, variable);
    return;
  }
  const told = testOf(step.item);
  const members = told?.kind === 'object' ? told.members.filter(({ test: { kind } }) => kind !== 'affix') : [];
  const test = told?.kind === 'object' ? { ...told, members } : told;
  write(block, `if (Array.isArray(${of})) look(s, ${of}.length);`);
  write(block, `if (Array.isArray(${of})) for (let i = 0; i < ${of}.length; i++) {`);
  const body = inner(block);
  write(body, `const ${variable} = ${of}[i];`);
  const condition =
    test === null
      ? 'true'
      : `${test.kind === 'object' ? guardOf(test, variable) : `isObject(${variable})`} && ${testText(reverse, test, variable)}`;
  write(body, `if (${condition}) {`);
  writeKey(reverse, inner(body), { ...found, steps }, variable);
  write(body, '}');
  write(block, '}');
}

function putFunction(reverse: ReverseEmitter, pack: PackForm, map: MapForm, n: number): string {
  const { emitter } = reverse;
  const base = map.key.mask | map.alias.mask;
  const flags = new Map<LabelMask, string>();
  const body: Block = { lines: [], depth: 1, granted: base, flags };
  const carriers = carriersOf(map.template);
  const putting: Putting = {
    reverse,
    map,
    meta: `M${n}`,
    writers: writersOf(map),
    carried: new Set(
      carriers.flatMap(({ inverse }) => (inverse.way.kind === 'nothing' ? [] : [idOfTarget(inverse.way.target)])),
    ),
    recordKeyPath: recordKeyPath(pack),
    rootVariable: pack.recordAlias.variable,
    joins: new Map(map.joins.map(({ alias }) => [alias.variable, freshName(emitter, 'row')])),
  };
  const scope = createScope(null, []);
  putMembers(putting, scope, body, map.template, 'r', '""', ['resourceType', 'id']);
  const end: Block = { ...body, lines: [] };
  writeLate(putting, end, scope, solveText(putting));
  for (const { target, value } of map.where === null ? [] : settingsOf(map.where)) {
    if (!putting.carried.has(idOfTarget(target))) write(end, `${placeText(putting, target)} = ${quote(value)};`);
  }
  writeJoins(putting, end, map);
  writePlace(
    end,
    map,
    [...body.lines, ...end.lines].some((line) => /\bg\b/.test(line)),
  );
  const start = startOf(pack, map);
  const declared = [...scope.declared, ...putting.joins.values()];
  return [
    `// ${map.resourceType} → ${map.name} (${map.place.file})`.replace(/[\r\n\u2028\u2029]/g, ' '),
    `function put${n}(s, r, key) {`,
    `  if ((s.no & ${base}) !== 0) return refuse(s, ${quote(map.name)}, "");`,
    ...[...flags].map(([mask, flag]) => `  const ${flag} = (s.no & ${mask}) === 0;`),
    ...start,
    ...(declared.length === 0 ? [] : [`  let ${declared.join(', ')};`]),
    ...body.lines,
    ...end.lines,
    '}',
  ].join('\n');
}

/** The item that the resource becomes, apart from the record until all of it is put. */
function startOf(pack: PackForm, map: MapForm): string[] {
  const { variable, path } = map.alias;
  if (map.source.kind === 'each') {
    const key = map.key.op === 'member' ? map.key.name : null;
    return ['  const g = {};', `  const ${variable} = ${key === null ? '{}' : `{ ${quote(key)}: key }`};`];
  }
  const key = !isRecordKeyed(pack, map) && map.key.op === 'member' ? `{ ${quote(map.key.name)}: key }` : '{}';
  const whole = stepsOf(path)
    .reverse()
    .reduce((inside, name) => `{ ${quote(name)}: ${inside} }`, variable);
  const person = isRecordKeyed(pack, map) && !map.keyedWithinRecord ? ['  personIs(s, key);'] : [];
  return [`  const ${variable} = ${key};`, `  const g = ${whole};`, ...person];
}

/** A joined row is made once, by its own key; the columns that it was found by are in it too. */
function writeJoins(putting: Putting, block: Block, map: MapForm): void {
  for (const join of map.joins) {
    const row = putting.joins.get(join.alias.variable)!;
    write(block, `if (${row} !== undefined) {`);
    for (const { column, value } of join.on) {
      const target = targetOf(value);
      if (target === null) continue;
      const from = placeText(putting, target).replace(/\(([^()]*) \?\?= \{\}\)/g, '$1?');
      write(
        inner(block),
        `if (${from} !== undefined && ${row}[${quote(column)}] === undefined) ${row}[${quote(column)}] = ${from};`,
      );
    }
    const list = `(${property('s.record', join.table, true)} ??= [])`;
    putting.reverse.keys.set(join.table, join.key);
    write(
      inner(block),
      `if (${row}[${quote(join.key)}] !== undefined) addItem(s, ${list}, ${quote(join.key)}, ${row}, ${quote(join.table)}, ${quote(map.name)}, key);`,
    );
    write(block, '}');
  }
}

function writePlace(block: Block, map: MapForm, usesRecord: boolean): void {
  const { variable, path } = map.alias;
  const name = quote(map.name);
  if (map.source.kind === 'one') {
    const [top] = stepsOf(path);
    if (top !== undefined) write(block, `if (!hasAny(${variable})) delete g[${quote(top)}];`);
    write(block, `merge(s, s.record, g, "", ${name}, key);`);
    return;
  }
  const names = path.replace(/\[\]$/, '').split('.');
  const owner = names.slice(0, -1).reduce((of, part) => `(${property(of, part, true)} ??= {})`, 's.record');
  const list = `(${property(owner, names.at(-1)!, true)} ??= [])`;
  const key = map.key.op === 'member' ? map.key.name : 'id';
  write(block, `addItem(s, ${list}, ${quote(key)}, ${variable}, ${quote(names.join('.'))}, ${name}, key);`);
  if (usesRecord) write(block, `merge(s, s.record, g, "", ${name}, key);`);
}
