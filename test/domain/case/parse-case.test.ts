import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CASE_RULES, caseRuleText, isCaseRule } from '../../../src/domain/case/rule-texts.js';
import { MAX_VIOLATIONS, parseCase } from '../../../src/domain/case/parse-case.js';
import { RelaisError } from '../../../src/kernel/errors.js';
import { readJson, writeJson, type JsonValue } from '../../../src/kernel/json.js';
import { arbitraryCase } from '../../support/arbitrary-case.js';
import { MALFORMED, SECRET } from './malformed.js';

function refusal(json: string): RelaisError {
  try {
    parseCase(readJson(json));
  } catch (error) {
    if (error instanceof RelaisError) return error;
    throw error;
  }
  throw new Error('It was accepted');
}

describe('a malformed case is refused at the right place by the right rule', () => {
  it.each(MALFORMED)('$title → $path $rule', ({ json, path, rule }) => {
    const error = refusal(json);
    expect({ code: error.code, status: error.status }).toEqual({ code: 'case.invalid', status: 422 });
    expect(error.violations.map((violation) => ({ path: violation.path, rule: violation.rule }))).toEqual([
      { path, rule },
    ]);
    const said = JSON.stringify([error.message, error.violations, error.details]);
    expect(said).not.toContain(SECRET);
  });

  it('every rule has a malformed case', () => {
    const shown = new Set(MALFORMED.map(({ rule }) => rule));
    expect(Object.keys(CASE_RULES).filter((rule) => !shown.has(rule))).toEqual([]);
  });
});

describe('all violations come at once', () => {
  it('field by field and between fields', () => {
    const error = refusal(
      '{"schemaVersion":1,"person":{"id":"p","sex":"x","deceased":"no"},"needs":[{"id":"a"},{"id":"a","category":"food","status":"met","identifiedOn":"2024-02-02","resolvedOn":"2024-02-01"}]}',
    );
    expect(error.violations.map(({ path, rule }) => `${path} ${rule}`).sort()).toEqual([
      '/needs/0/category case.required',
      '/needs/0/status case.required',
      '/needs/1/id case.same-id',
      '/needs/1/resolvedOn case.order',
      '/person/deceased case.type',
      '/person/sex case.code',
    ]);
  });

  it('up to a hundred', () => {
    const needs = Array.from({ length: 150 }, (_, index) => `{"id":"n${index}"}`).join(',');
    const error = refusal(`{"schemaVersion":1,"person":{"id":"p","anonymous":true},"needs":[${needs}]}`);
    expect(error.violations).toHaveLength(MAX_VIOLATIONS);
  });
});

describe('a valid case', () => {
  it('is what was sent, byte for byte: 0.10 stays 0.10', () => {
    fc.assert(
      fc.property(arbitraryCase(), (record) => {
        const text = writeJson(record as unknown as JsonValue);
        expect(writeJson(parseCase(readJson(text)) as unknown as JsonValue)).toBe(text);
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    [
      'an anonymous person',
      '{"schemaVersion":1,"person":{"id":"p","anonymous":true,"birthDate":"1990","birthDatePrecision":"estimated"}}',
    ],
    [
      'a person known by a temporary key',
      '{"schemaVersion":1,"person":{"id":"p","temporaryIdentifiers":[{"id":"t","value":"maraude-12","reason":"outreach"}]}}',
    ],
    [
      'a mononym in Arabic script',
      '{"schemaVersion":1,"person":{"id":"p","names":[{"id":"n","kind":"used","given":["مريم"]}]}}',
    ],
    [
      '29 February of a leap year',
      '{"schemaVersion":1,"person":{"id":"p","anonymous":true,"birthDate":"2024-02-29","birthDatePrecision":"day"}}',
    ],
    [
      'dates as far as both are known',
      '{"schemaVersion":1,"person":{"id":"p","anonymous":true,"birthDate":"1990-05","deceased":true,"deceasedDate":"1990"}}',
    ],
    [
      'a file',
      '{"schemaVersion":1,"person":{"id":"p","anonymous":true},"documents":[{"id":"d","kind":"photo","mimeType":"image/png","content":"AAA="}]}',
    ],
  ])('%s', (_, json) => {
    expect(writeJson(parseCase(readJson(json)) as unknown as JsonValue)).toBe(json);
  });
});

it('every rule speaks English and French', () => {
  for (const [rule, text] of Object.entries(CASE_RULES)) {
    expect(isCaseRule(rule) && caseRuleText(rule)).toEqual(text);
    expect(text.en).toMatch(/^[A-Zn].*[._-]$/);
    expect(text.fr).not.toBe(text.en);
  }
});
