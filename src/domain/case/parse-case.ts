import type { z } from 'zod';
import { RelaisError, type Violation } from '../../kernel/errors.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/json/value.js';
import type { Entity, List } from './define.js';
import { caseRuleText, isCaseRule, type CaseRule } from './rule-texts.js';
import { brokenRules } from './rules.js';
import { caseModel, type Case } from './schema.js';

/** As many violations as one answer lists. */
export const MAX_VIOLATIONS = 100;

/**
 * Checks a document against case model v1: types, codes, lengths, calendar, keys, and the rules between fields. The
 * value itself is returned, unchanged, so what is stored is what was sent.
 *
 * @param value as read by `readJson`
 * @throws RelaisError 422 `case.invalid` with every violation (at most 100): JSON Pointer of the field, or of the
 *   nearest parent that the model knows where the name itself is unknown, and the rule; nothing of the content
 */
export function parseCase(value: JsonValue): Case {
  const found = new Map<string, Violation>();
  const report = (path: string, rule: CaseRule): void => {
    const place = `${path} ${rule}`;
    if (!found.has(place)) found.set(place, { path, rule, message: caseRuleText(rule).en });
  };
  const broken = checkFields(value, report);
  checkEntity(caseModel, value, '', broken, report);
  checkReferences(value, broken, report);
  if (found.size > 0) throw invalidCase([...found.values()]);
  return value as unknown as Case;
}

function invalidCase(violations: readonly Violation[]): RelaisError {
  const listed = violations.slice(0, MAX_VIOLATIONS);
  const message =
    violations.length > MAX_VIOLATIONS
      ? `The case breaks more than ${MAX_VIOLATIONS} rules of case model v1; the first are listed.`
      : 'The case breaks rules of case model v1.';
  return new RelaisError('case.invalid', 422, 'invalid', message, { violations: listed });
}

type Report = (path: string, rule: CaseRule) => void;

/** Pointers of fields and entities that are not well formed: rules between fields leave them alone. */
class Places {
  readonly #pointers = new Set<string>();

  /** Notes the place and everything above it. */
  add(pointer: string): void {
    this.#pointers.add(pointer);
    for (let at = pointer.lastIndexOf('/'); at >= 0; at = pointer.lastIndexOf('/', at - 1)) {
      this.#pointers.add(pointer.slice(0, at));
      if (at === 0) break;
    }
  }

  has(pointer: string): boolean {
    return this.#pointers.has(pointer);
  }
}

// ---------------------------------------------------------------- each field

function checkFields(value: JsonValue, report: Report): Places {
  const places = new Places();
  const result = caseModel.type.safeParse(value);
  if (result.success) return places;
  const seen = new Set<string>();
  for (const issue of result.error.issues) {
    const pointer = issue.path.map((part) => `/${String(part)}`).join('');
    places.add(pointer);
    const rule = ruleOf(issue, value);
    // One field, one rule: a text that is too short is not also reported as blank.
    if (rule !== 'case.unknown-field' && seen.has(pointer)) continue;
    if (rule !== 'case.unknown-field') seen.add(pointer);
    report(pointer, rule);
  }
  return places;
}

function ruleOf(issue: z.core.$ZodIssue, root: JsonValue): CaseRule {
  if (issue.code === 'unrecognized_keys') return 'case.unknown-field';
  if (issue.code === 'too_big') {
    return issue.origin === 'array' ? 'case.too-many' : issue.origin === 'string' ? 'case.too-long' : 'case.range';
  }
  if (issue.code === 'too_small') return issue.origin === 'string' ? 'case.too-short' : 'case.range';
  const value = valueAt(root, issue.path);
  if (issue.code === 'custom') return customRule(issue.params?.['rule'], value);
  if (issue.code !== 'invalid_value') return wrongTypeOr(value, 'case.type');
  return wrongTypeOr(value, issue.path[0] === 'schemaVersion' ? 'case.version' : 'case.code');
}

function customRule(rule: unknown, value: unknown): CaseRule {
  if (rule === 'case.type') return wrongTypeOr(value, 'case.type');
  return isCaseRule(rule) ? rule : 'case.type';
}

function wrongTypeOr(value: unknown, otherwise: CaseRule): CaseRule {
  if (value === undefined) return 'case.required';
  return value === null ? 'case.null' : otherwise;
}

function valueAt(root: JsonValue, path: readonly PropertyKey[]): unknown {
  let value: unknown = root;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[part];
  }
  return value;
}

// ---------------------------------------------------------------- between fields

function checkEntity(model: Entity, value: unknown, pointer: string, broken: Places, report: Report): void {
  if (!isJsonObject(value)) return;
  if (!broken.has(pointer)) {
    for (const { field, rule } of brokenRules(model.name, value)) {
      report(field === '' ? pointer : `${pointer}/${field}`, rule);
    }
  }
  for (const [name, member] of Object.entries(model.fields)) {
    const inner = Object.hasOwn(value, name) ? value[name] : undefined;
    if (inner === undefined || member.kind === 'field') continue;
    const place = `${pointer}/${name}`;
    if (member.kind === 'entity') checkEntity(member, inner, place, broken, report);
    else checkList(member, inner, place, broken, report);
  }
}

function checkList(model: List, value: unknown, pointer: string, broken: Places, report: Report): void {
  if (!Array.isArray(value)) return;
  const seen = new Set<unknown>();
  // Beyond its limit a list is refused as a whole; its items are not gone through.
  value.slice(0, model.max).forEach((item: unknown, index) => {
    const place = `${pointer}/${index}`;
    if (isJsonObject(item) && typeof item['id'] === 'string') {
      if (seen.has(item['id'])) report(`${place}/id`, 'case.same-id');
      seen.add(item['id']);
    }
    checkEntity(model.item, item, place, broken, report);
  });
}

/** Fields that name items of a list must name one that is there. */
function checkReferences(root: JsonValue, broken: Places, report: Report): void {
  const idsByTarget = new Map<string, ReadonlySet<unknown>>();
  const idsOf = (target: string): ReadonlySet<unknown> => {
    const known = idsByTarget.get(target);
    if (known !== undefined) return known;
    const listed = valueAt(root, target.split('.'));
    const ids = new Set<unknown>(
      Array.isArray(listed) ? listed.map((item: unknown) => (isJsonObject(item) ? item['id'] : undefined)) : [],
    );
    idsByTarget.set(target, ids);
    return ids;
  };
  const visit = (model: Entity, item: JsonObject, pointer: string): void => {
    for (const [name, member] of Object.entries(model.fields)) {
      const value = Object.hasOwn(item, name) ? item[name] : undefined;
      if (value === undefined) continue;
      const place = `${pointer}/${name}`;
      if (member.kind === 'entity') {
        if (isJsonObject(value)) visit(member, value, place);
      } else if (member.kind === 'list') {
        if (!Array.isArray(value)) continue;
        value.slice(0, member.max).forEach((inner: JsonValue, index) => {
          if (isJsonObject(inner)) visit(member.item, inner, `${place}/${index}`);
        });
      } else if (member.target !== undefined && !broken.has(place)) {
        const ids = idsOf(member.target);
        if (!Array.isArray(value)) {
          if (!ids.has(value)) report(place, 'case.unknown-reference');
          continue;
        }
        value.forEach((id, index) => {
          if (!ids.has(id)) report(`${place}/${index}`, 'case.unknown-reference');
        });
      }
    }
  };
  if (isJsonObject(root)) visit(caseModel, root, '');
}
