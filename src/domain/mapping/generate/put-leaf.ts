import { inverseOf, type Inverse } from '../reverse/inverse.js';
import { idOfTarget, pathOfTarget, type Target } from '../reverse/target.js';
import type { SourceNode } from '../source-model.js';
import type { LeafNode } from '../template/intermediate.js';
import { flagOf, freshName, hoist, inner, quote, tableFunction, write, type Block } from './emitter.js';
import { scopeOf, store, type Late, type Putting, type Scope } from './put-scope.js';
import { codeSet, systemField } from './reverse-emitter.js';

/** The way back of one leaf: `value` is a variable that holds what FHIR says, and it is not undefined. */
export function putLeaf(
  putting: Putting,
  scope: Scope,
  block: Block,
  node: LeafNode,
  value: string,
  path: string,
): void {
  const { meta, reverse } = putting;
  const lost = `foreign(s, ${meta}, key, ${path}, ${value});`;
  if (node.constant) {
    write(block, `if (${value} !== ${systemField(reverse, node)}) ${lost}`);
    return;
  }
  const inverse = node.derived ? null : inverseOf(node);
  if (inverse === null || inverse.way.kind === 'nothing') {
    // Another leaf carries it: only what could not be such a value is kept.
    write(block, `if (typeof ${value} === "object" && !R.isNumber(${value})) ${lost}`);
    return;
  }
  const flag = flagOf(block, node.mask);
  const label = node.mask | putting.map.key.mask | putting.map.alias.mask;
  const failed = `keep(s, ${meta}, ${label}, key, ${path}, ${value}, "failed-codec");`;
  let at = block;
  if (flag !== null) {
    write(
      block,
      `if (!${flag}) refuse(s, ${quote(putting.map.name)}, ${quote(pathOfTarget(inverse.way.target))}); else {`,
    );
    at = inner(block, block.granted | node.mask);
  }
  const isKey = pathOfTarget(inverse.way.target) === [...putting.map.key.reads].at(-1);
  const text = stripped(at, reverse.emitter, inverse, value, isKey ? `{ if (${value} !== key) ${failed} }` : failed);
  put(putting, scope, inner(at), inverse, node, text, failed);
  if (text !== value) write(at, '}');
  if (flag !== null) write(block, '}');
}

/** Takes the text around the expression away; opens a block when there is any. */
function stripped(
  block: Block,
  emitter: Putting['reverse']['emitter'],
  { prefix, suffix }: Inverse,
  value: string,
  failed: string,
): string {
  if (prefix === '' && suffix === '') return value;
  const name = freshName(emitter, 't');
  const fits = [
    `typeof ${value} !== "string"`,
    `${value}.length <= ${prefix.length + suffix.length}`,
    ...(prefix === '' ? [] : [`!${value}.startsWith(${quote(prefix)})`]),
    ...(suffix === '' ? [] : [`!${value}.endsWith(${quote(suffix)})`]),
  ];
  write(block, `if (${fits.join(' || ')}) ${failed} else {`);
  write(inner(block), `const ${name} = ${value}.slice(${prefix.length}, ${value}.length - ${suffix.length});`);
  return name;
}

function put(
  putting: Putting,
  scope: Scope,
  block: Block,
  { way }: Inverse,
  node: LeafNode,
  value: string,
  failed: string,
): void {
  const { emitter } = putting.reverse;
  if (way.kind === 'nothing') return;
  if (way.kind === 'ref') {
    putReference(putting, block, way, value, failed);
    return;
  }
  if (way.kind === 'code') {
    const variable = freshName(emitter, 'late');
    tableFunction(emitter, way.table, way.column);
    const owner = scopeOf(scope, way.target.alias);
    owner.declared.push(variable);
    addLate(owner, way.target, { table: way.table, column: way.column, variable, label: node.mask });
    write(block, `if (typeof ${value} === "string") ${variable} = ${value}; else ${failed}`);
    return;
  }
  const { target, codec } = way;
  if (pathOfTarget(target) === putting.recordKeyPath) {
    write(block, `if (typeof ${value} === "string") personIs(s, ${value}); else ${failed}`);
    return;
  }
  switch (codec.kind) {
    case 'same':
      checked(putting, block, target, value, failed, isOfType(putting, target, value));
      return;
    case 'text-of-number':
      checked(
        putting,
        block,
        target,
        value,
        failed,
        `(typeof ${value} === "number" || R.isNumber(${value}))`,
        `String(${value})`,
      );
      return;
    case 'number-of-text':
      checked(putting, block, target, value, failed, `R.decimal(${value}) !== undefined`, `R.decimal(${value})`);
      return;
    case 'boolean-of-text':
      checked(
        putting,
        block,
        target,
        value,
        failed,
        `(${value} === "true" || ${value} === "false")`,
        `(${value} === "true")`,
      );
      return;
    case 'local-time':
      checked(
        putting,
        block,
        target,
        value,
        failed,
        `typeof ${value} === "string"`,
        `R.localTime(${value}, ${quote(codec.zone)})`,
      );
      return;
  }
}

function checked(
  putting: Putting,
  block: Block,
  target: Target,
  value: string,
  failed: string,
  condition: string,
  converted = value,
): void {
  write(block, `if (${condition}) {`);
  if (converted === value) store(putting, inner(block), target, value);
  else {
    const name = freshName(putting.reverse.emitter, 'c');
    write(inner(block), `const ${name} = ${converted};`);
    store(putting, inner(block), target, name);
  }
  write(block, `} else ${failed}`);
}

function isOfType({ reverse }: Putting, { node, names, alias }: Target, value: string): string {
  if (node.kind !== 'value') return 'false';
  const many = node.many && (names.length > 0 || alias.node.kind !== 'value');
  const item = many ? 'e' : value;
  const test = ((): string => {
    if (node.codes !== undefined) return `${codeSet(reverse, new Set(node.codes))}(${item})`;
    switch (node.type) {
      case 'boolean':
        return `typeof ${item} === "boolean"`;
      case 'integer':
        return `Number.isInteger(${item})`;
      case 'decimal':
        return `(typeof ${item} === "number" || R.isNumber(${item}))`;
      case 'string':
      case 'code':
      case 'date':
        return `typeof ${item} === "string"`;
    }
  })();
  if (!many) return test;
  const lines = [
    '  if (!Array.isArray(list)) return false;',
    '  spend(s, list.length);',
    '  for (let i = 0; i < list.length; i++) {',
    '    const e = list[i];',
    `    if (!(${test})) return false;`,
    '  }',
    '  return true;',
  ];
  return `${hoist(reverse.emitter, 'all', `(s, list) {\n${lines.join('\n')}\n}`)}(s, ${value})`;
}

function addLate(scope: Scope, target: Target, late: Late): void {
  const id = idOfTarget(target);
  const known = scope.late.get(id) ?? { target, codes: [] };
  known.codes.push(late);
  scope.late.set(id, known);
}

/** JavaScript for a key as the source has it: keys travel as texts, and a source may count its items. */
export function keyValue(node: SourceNode | null, key: string): string {
  return node?.kind === 'value' && node.type === 'integer' ? `(R.decimal(${key}) ?? ${key})` : key;
}

function putReference(
  putting: Putting,
  block: Block,
  { target, map }: Extract<Inverse['way'], { kind: 'ref' }>,
  value: string,
  failed: string,
): void {
  const { emitter } = putting.reverse;
  const named = emitter.mapByName.get(map)!;
  const isRecordKey = pathOfTarget(target) === putting.recordKeyPath;
  if (isRecordKey && !named.keyedWithinRecord) {
    write(block, `referredPerson(s, ${value}, ${quote(map)});`);
    return;
  }
  const found = freshName(emitter, 'f');
  write(block, `const ${found} = R.resolveReference(s, ${value});`);
  write(block, `if (${found} === undefined || ${found}.map !== ${quote(map)}) ${failed}`);
  if (isRecordKey) return;
  write(block, 'else {');
  const key = freshName(emitter, 'k');
  write(inner(block), `const ${key} = ${keyValue(target.node, `${found}.key`)};`);
  store(putting, inner(block), target, key);
  write(block, '}');
}

/** Name of a function that finds the one source code behind its coarse codes; the preferred ones come first. */
export function solveText({ reverse }: Putting): (codes: readonly Late[]) => string {
  return (codes) => {
    const parameters = codes.map((_, index) => `c${index}`);
    const rows = [...new Set(codes.flatMap(({ table }) => [...table.rows].map(([code]) => code)))];
    const preferred = (code: string): number =>
      codes.some(({ table }) => table.rows.get(code)?.prefer === true) ? 0 : 1;
    const lines = rows
      .sort((a, b) => preferred(a) - preferred(b))
      .map((code) => {
        const tests = codes.map(({ table, column }, index) => {
          const row = table.rows.get(code) ?? (table.unmapped.policy === 'code' ? table.unmapped.row : undefined);
          const image = row?.columns.get(column);
          return image === undefined
            ? `c${index} === undefined`
            : `(c${index} === undefined || c${index} === ${quote(image)})`;
        });
        return `  if (${tests.join(' && ')}) return ${quote(code)};`;
      });
    const copied = codes.findIndex(({ table }) => table.unmapped.policy === 'copy');
    const name = hoist(
      reverse.emitter,
      'solve',
      `(${parameters.join(', ')}) {\n${lines.join('\n')}\n  return ${copied < 0 ? 'undefined' : `c${copied}`};\n}`,
    );
    return `${name}(${codes.map(({ variable }) => variable).join(', ')})`;
  };
}
