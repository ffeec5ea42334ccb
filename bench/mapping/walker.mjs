// What mapping costs when a general FHIRPath engine walks the same map files: every `{{ … }}` of mappings/case is compiled
// once by the package `fhirpath` and evaluated for each item. Forward only, without labels. For scale, not a rival.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fhirpath from 'fhirpath';
import { parse } from 'yaml';
import { root } from '../../scripts/ensure.mjs';

const folder = join(root, 'mappings');
const load = (path) => parse(readFileSync(join(folder, path), 'utf8'));

export async function createWalker(context) {
  const maps = load('case/pack.yaml').maps.map((name) => load(`case/${name}.map.yaml`));
  const byName = new Map(maps.map((map) => [map.map, map]));
  const run = { within: '', caseId: '' };
  const idOf = (map, key) => {
    const isOwn = map.from.one !== undefined && map.from.key !== undefined;
    return context.resourceId(map.to, isOwn ? `${map.map}|${key}` : `${map.map}|${run.within}${key}`);
  };
  const references = (values, name) =>
    values.map((value) => {
      const map = byName.get(name ?? value.map);
      const key = typeof value === 'string' ? value : (value.id ?? run.caseId);
      return `${map.to}/${idOf(map, key)}`;
    });
  const tables = new Map();
  const userInvocationTable = {
    ref: { fn: references, arity: { 0: [], 1: ['String'] }, nullable: false, internalStructures: false },
    translate: { fn: translate, arity: { 1: ['String'], 2: ['String', 'String'] } },
    system: { fn: (_, kind) => [`${context.identifierBase}/${kind}`], arity: { 1: ['String'] } },
  };
  function translate(values, name, column = 'code') {
    if (!tables.has(name)) tables.set(name, load(`codes/${name}.yaml`));
    const { map, unmapped } = tables.get(name);
    return values.flatMap((code) => {
      const row = map[code] ?? (typeof unmapped === 'object' ? unmapped : undefined);
      const value = typeof row === 'string' ? (column === 'code' ? row : undefined) : row?.[column];
      return value === undefined ? [] : [value];
    });
  }
  const options = { userInvocationTable };
  const compiled = new Map();
  const evaluate = (expression, scope) => {
    let run = compiled.get(expression);
    if (run === undefined) {
      // `person.ref()` and its like: which map is meant is told by the name. Words of FHIRPath want backticks.
      const named = expression.replace(/\b(\w+)\.ref\(\)/g, (_, alias) => `${alias}.ref('${mapNamed(alias)}')`);
      const text = named.replace(/(^|\.)(days?|hours)\b/g, '$1`$2`');
      compiled.set(expression, (run = fhirpath.compile(text, undefined, options)));
    }
    return run(scope, { agency: { is: true } });
  };
  const mapNamed = (alias) => maps.find(({ from }) => from.as === alias)?.map;
  const holds = (expression, scope) => {
    const [first] = evaluate(String(expression), scope);
    return first !== undefined && first !== false;
  };

  /** The value of a node, undefined when no data is in it, and whether it is a constant. */
  function walk(node, scope) {
    if (typeof node === 'string') return leaf(node, scope);
    if (typeof node !== 'object') return { value: node, isConstant: true };
    if (Array.isArray(node)) return items(node, scope);
    if (node.if !== undefined) {
      const { if: condition, else: otherwise, get, ...then } = node;
      if (holds(condition, scope)) return walk(get ?? then, scope);
      return otherwise === undefined ? { value: undefined } : walk(otherwise, scope);
    }
    if (node.get !== undefined) return walk(node.get, scope);
    return members(node, scope);
  }

  function leaf(text, scope) {
    if (!text.includes('{{')) return { value: text, isConstant: true };
    const whole = /^\{\{\s*(.*?)\s*\}\}$/.exec(text);
    if (whole !== null) {
      const values = evaluate(whole[1], scope);
      if (text.includes('%agency')) return { value: values[0], isConstant: true };
      return { value: values.length > 1 ? values : values[0], list: values };
    }
    const parts = text.split(/\{\{\s*(.*?)\s*\}\}/).map((part, at) => (at % 2 === 0 ? part : evaluate(part, scope)[0]));
    return { value: parts.includes(undefined) ? undefined : parts.join('') };
  }

  function members(node, scope) {
    const out = {};
    let hasData = false;
    let isConstant = true;
    for (const [name, inner] of Object.entries(node)) {
      if (['slice', 'each', 'as', 'key', 'where'].includes(name)) continue;
      const isList = ['given', 'line'].includes(name);
      const made = walk(inner, scope);
      const value = isList ? made.list : made.value;
      if (!made.isConstant) isConstant = false;
      if (value === undefined || (isList && value.length === 0)) continue;
      if (!made.isConstant && made.hasData !== false) hasData = true;
      out[name] = value;
    }
    return { value: hasData || isConstant ? out : undefined, isConstant, hasData };
  }

  function items(nodes, scope) {
    const out = [];
    let hasData = false;
    const isConstant = nodes.every((node) => typeof node !== 'object' || node.each === undefined);
    let constant = isConstant;
    for (const node of nodes) {
      const scopes = node.each === undefined ? [scope] : eachOf(node, scope);
      for (const inner of scopes) {
        const made = walk(node, inner);
        if (!made.isConstant) constant = false;
        if (made.value === undefined) continue;
        if (!made.isConstant) hasData = true;
        out.push(made.value);
      }
    }
    return { value: out.length === 0 ? undefined : out, isConstant: constant, hasData: hasData || constant };
  }

  function eachOf({ each, as, where }, scope) {
    const scopes = evaluate(each, scope).map((item) => ({ ...scope, [as]: item }));
    return where === undefined ? scopes : scopes.filter((inner) => holds(where, inner));
  }

  return (record) => {
    run.caseId = record.person.id;
    run.within = `${run.caseId.length}:${run.caseId}`;
    const top = { case: record, person: record.person, leadWorker: record.caseFile?.leadWorker, ...record };
    const out = [];
    for (const map of maps) {
      const { each, one, as, key, where } = map.from;
      for (const item of evaluate(each ?? one, record)) {
        const scope = { ...top, [as]: item };
        if (where !== undefined && !holds(where, scope)) continue;
        const { value } = walk(map.fhir, scope);
        const id = idOf(map, key === undefined ? run.caseId : item[key]);
        out.push({ resourceType: map.to, id, ...value });
      }
    }
    return out;
  };
}
