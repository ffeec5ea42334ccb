import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { labelsFromCodes } from '../../../src/domain/labels/code-labels.js';
import { labelsOf, maskOf } from '../../../src/domain/labels/labels.js';
import { readLabelRules } from '../../../src/domain/labels/rules/read-rules.js';
import { formatFinding } from '../../../src/domain/mapping/finding.js';
import { ruleFiles, shippedRules } from '../../support/label-rules.js';

const beside = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');
const sha256 = (lines: readonly string[]): string => createHash('sha256').update(lines.join('\n')).digest('hex');

describe('the shipped rules', () => {
  it('say of every code of the case model what is written down beside this test, and nothing else', () => {
    const written = JSON.parse(beside('code-labels.json')) as Record<string, string>;
    const read: Record<string, number> = {};
    for (const [entity, fields] of shippedRules.case.byEntity) {
      for (const { field, values } of fields) {
        for (const [value, mask] of values) read[`${entity}.${field}=${String(value)}`] = mask;
      }
    }
    expect(read).toEqual(
      Object.fromEntries(Object.entries(written).map(([code, labels]) => [code, maskOf(labels.split(' '))])),
    );
  });

  // Each digest is of what the rules said before they stood in files: a change of meaning needs a new one.
  it('say of every code of ICD-10 what they said', () => {
    const lines = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].flatMap((letter) =>
      Array.from({ length: 100 }, (_, number) => `${letter}${String(number).padStart(2, '0')}`).flatMap((code) =>
        [code, ...Array.from({ length: 10 }, (_, digit) => `${code}.${digit}`)].map(
          (each) => `${each} ${labelsFromCodes(shippedRules, 'condition', icd10(each))}`,
        ),
      ),
    );
    expect(lines).toHaveLength(28_600);
    expect(sha256(lines)).toBe('0c6681fa0912945031aad5f3c3d33f625304a0ac9360d9dd4b42c58252cc33db');
  });

  it('say of every substance group of ATC what they said', () => {
    const lines: string[] = [];
    const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
    const two = (value: number): string => String(value).padStart(2, '0');
    const say = (code: string): number => labelsFromCodes(shippedRules, 'treatment', { codeSystem: ATC, code });
    for (const first of letters) {
      for (let group = 0; group < 20; group += 1) {
        // Groups of which no code says anything are asked for one code.
        const isOfInterest = 'GJN'.includes(first) && group < 10;
        for (const second of isOfInterest ? letters : ['A']) {
          for (const third of isOfInterest ? letters : ['E']) {
            for (let substance = 0; substance <= (isOfInterest ? 12 : 0); substance += 1) {
              const code = `${first}${two(group)}${second}${third}${two(substance)}`;
              const mask = say(code);
              if (mask !== 0) lines.push(`${code} ${mask}`);
            }
          }
        }
      }
    }
    expect(lines).toHaveLength(27_784);
    expect(sha256(lines)).toBe('4dd51e5e6c728273bc63278f596d893cd77d6870c9e1e9646cda14ba8661b895');
  });

  it.each([
    ['http://snomed.info/sct', '66214007', 'addiction'],
    ['http://snomed.info/sct', '86406008', 'hiv'],
    ['http://snomed.info/sct', '35489007', 'psychiatry'],
    ['http://snomed.info/sct', '77386006', 'reproductive-health'],
    ['http://snomed.info/sct', '706893006', 'violence'],
    ['http://loinc.org', '75626-2', 'addiction'],
    ['http://loinc.org', '44261-6', 'psychiatry'],
    ['http://loinc.org', '25836-8', 'hiv'],
    ['http://loinc.org', '76690-7', 'sexuality'],
    ['http://loinc.org', '76501-6', 'violence'],
    ['http://loinc.org', '93028-9', 'justice'],
    ['http://hl7.org/fhir/sid/icd-10-cm', 'f11.20', 'addiction'],
    ['http://loinc.org', '8302-2', ''],
    ['urn:unknown', 'F11', ''],
  ])('%s %s says %j', (codeSystem, code, labels) => {
    expect(labelsOf(labelsFromCodes(shippedRules, 'condition', { codeSystem, code })).join(' ')).toBe(labels);
  });

  it('are what the schema for editors allows', () => {
    const ajv = new Ajv({ allErrors: true, strict: false });
    const validate = ajv.compile(JSON.parse(beside('../../../config/labels/labels.schema.json')) as object);
    for (const { path, text } of ruleFiles) {
      expect([path, validate(parse(text)), validate.errors]).toEqual([path, true, null]);
    }
    expect(validate({ labels: 'case', entitys: {} })).toBe(false);
    expect(validate({ labels: 'else' })).toBe(false);
  });
});

const ATC = 'http://www.whocc.no/atc';
const icd10 = (code: string) => ({ codeSystem: 'http://hl7.org/fhir/sid/icd-10', code });

/** The findings for shipped files of which one text was replaced. */
function findingsWith(file: string, from: string, to: string): { at: string; all: string[] } {
  const files = ruleFiles.map(({ path, text }) => {
    if (!path.endsWith(`/${file}`)) return { path, text };
    expect(text).toContain(from);
    return { path, text: text.replace(from, () => to) };
  });
  const result = readLabelRules(files);
  const changed = files.find(({ path }) => path.endsWith(`/${file}`))?.text ?? '';
  const line = changed.slice(0, changed.indexOf(to)).split('\n').length;
  return {
    at: `config/labels/${file}:${line}:`,
    all: 'findings' in result ? result.findings.map((one) => formatFinding(one)) : [],
  };
}

describe('a mistake in a rule file', () => {
  it.each([
    [
      'case.yaml',
      'codes: [crisis], labels: [safeguarding]',
      'codes: [crisis], labels: [safeguardin]',
      'There is no label safeguardin. Did you mean safeguarding?',
    ],
    ['case.yaml', 'codes: [crisis]', 'codes: [crisys]', 'The field cannot hold crisys. Did you mean crisis?'],
    [
      'case.yaml',
      '  householdMember:',
      '  householdMembr:',
      'The case model has no entity householdMembr. Did you mean householdMember?',
    ],
    [
      'case.yaml',
      '    victimServices:',
      '    victimService:',
      'programme has no field victimService. Did you mean victimServices?',
    ],
    [
      'case.yaml',
      'type: identifier-type',
      'type: identifier-typ',
      'There is no table identifier-typ. Did you mean identifier-type?',
    ],
    [
      'case.yaml',
      'valueSet: hiv-questions',
      'valueSet: hiv-question',
      'There is no value set hiv-question. Did you mean hiv-questions?',
    ],
    ['case.yaml', 'passingOn: [needs', 'passingOn: [need', 'The case model has no list need.'],
    [
      'case.yaml',
      'categories: {}',
      'categories: { helth: [addiction] }',
      'There is no category helth. Did you mean health?',
    ],
    [
      'case.yaml',
      'hides: [address, telecom, domiciliation]',
      'hides: [adress, telecom]',
      'The case model has no entity adress. Did you mean address?',
    ],
    [
      'case.yaml',
      'field: contactProhibited',
      'field: contactProhibitd',
      'communication has no field contactProhibitd. Did you mean contactProhibited?',
    ],
    [
      'case.yaml',
      'labels: case',
      'labels: cases',
      'labels says what the rules are about: case, terminology, fhir, cues. Did you mean case?',
    ],
    [
      'terminology.yaml',
      'codes: ["77386006"]',
      'codes: [77386006]',
      'Write this code in quotes: YAML reads it as a number.',
    ],
    ['terminology.yaml', 'rules: [{ all: true', 'rule: [{ all: true', 'Unknown key rule. Did you mean rules?'],
    ['fhir.yaml', 'passingOn: [need', 'passingOn: [ned', 'There is no profile ned. Did you mean need?'],
    ['fhir.yaml', '  DocumentReference: [', '  DocumentReferenz: [', 'FHIR R4 has no resource DocumentReferenz.'],
    ['fhir.yaml', 'default: [housing]', 'default: []', 'No label stands here.'],
    [
      'cues.yaml',
      'self harm*',
      'self-harm*',
      'A cue is words with blanks between them; an apostrophe or a hyphen is a blank.',
    ],
    ['cues.yaml', 'overdos*', 'ov*', 'At least 3 letters stand before a *.'],
    ['cues.yaml', 'labels: [hiv]', 'labels: [hiv, working-notes]', 'There is no label working-notes.'],
  ])('%s: %s → %s is told where it stands', (file, from, to, message) => {
    const { at, all } = findingsWith(file, from, to);
    expect(all.length).toBeGreaterThan(0);
    expect(
      all.some((finding) => finding.includes(message)),
      all.join('\n'),
    ).toBe(true);
    expect(all.find((finding) => finding.includes(message))!.startsWith(at)).toBe(true);
  });

  it('means no rules at all, and so does a file that is missing', () => {
    expect(readLabelRules(ruleFiles.slice(1))).toHaveProperty('findings');
    expect(readLabelRules([])).toHaveProperty('findings');
    expect(readLabelRules([...ruleFiles, ruleFiles[0]!])).toHaveProperty('findings');
  });
});
