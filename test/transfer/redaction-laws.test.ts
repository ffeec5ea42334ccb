import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Case } from '../../src/domain/case/case.js';
import { caseModel } from '../../src/domain/case/schema.js';
import type { Entity } from '../../src/domain/case/define.js';
import { decide } from '../../src/domain/decision/decide.js';
import type { Permit } from '../../src/domain/decision/decision.js';
import { redactByLabel } from '../../src/domain/labels/fhir/redact-by-label.js';
import { DATA_LABELS, maskOf, NEVER, type LabelMask } from '../../src/domain/labels/labels.js';
import { labelsOfSecurity } from '../../src/domain/labels/security-labels.js';
import { situationsOf } from '../../src/domain/labels/situations.js';
import type { CompiledMapping } from '../../src/domain/mapping/mapping.js';
import { RelaisError } from '../../src/kernel/errors.js';
import { newId, type TaskId, type TransferId } from '../../src/kernel/ids.js';
import { readJson, writeJson, type JsonValue } from '../../src/kernel/json.js';
import { createPairwiseIds } from '../../src/kernel/pairwise.js';
import { mapRecord } from '../../src/transfer/map-record.js';
import { pinBundle } from '../../src/transfer/pin-bundle.js';
import { redactBundle } from '../../src/transfer/redact-bundle.js';
import type { Redacted } from '../../src/transfer/steps.js';
import { loadPack } from '../mappings/pack.js';
import { arbitraryCase } from '../support/arbitrary-case.js';
import { shippedRules } from '../support/label-rules.js';
import { leaksInto } from '../support/leaks.js';
import { request, terms } from '../support/terms.js';

type Plain = Record<string, unknown>;
const RUNS = Number(process.env['RELAIS_PROPERTY_RUNS'] ?? 20);
const options = { numRuns: RUNS, interruptAfterTimeLimit: 1_500_000, markInterruptAsFailure: true };
const TIMEOUT_MS = 1_600_000;

const EVERYTHING = maskOf(DATA_LABELS.filter((label) => label !== NEVER));
const permittedMask = fc
  .subarray([...DATA_LABELS])
  .map((labels) => (maskOf(labels) & EVERYTHING) | maskOf(['identity']));
/** Cases with some of their sections, so that there are many of them. */
const someCase = fc
  .tuple(arbitraryCase(), fc.subarray(Object.keys(caseModel.fields), { minLength: 1, maxLength: 11 }))
  .map(([record, sections]) => {
    const kept = Object.entries(record).filter(
      ([name]) => name === 'person' || name === 'schemaVersion' || sections.includes(name),
    );
    return Object.fromEntries(kept) as unknown as Case;
  });

const publicUrl = 'https://relais.test';
const pairwiseId = createPairwiseIds(createHash('sha256').update('laws').digest());
const permitted = decide(terms(), request());
let compiled: CompiledMapping<Case>;
beforeAll(async () => {
  compiled = await loadPack('case');
  expect(permitted.outcome).toBe('permit');
}, 60_000);

function permitOf(mask: LabelMask): Permit {
  if (permitted.outcome !== 'permit') throw new Error('The default terms permit.');
  return { ...permitted.permit, permitted: mask };
}

const mappedOf = (record: Case, mask: LabelMask, heldBack: readonly string[] = []) => {
  const { personId, request: asked, caseVersion, decidedAt } = permitOf(mask);
  const content = writeJson(record as unknown as JsonValue);
  const stored = { caseId: asked.caseId, personId, version: caseVersion, content, storedAt: decidedAt };
  const mapping = { compiled, labelRules: shippedRules, pairwiseId, publicUrl };
  return mapRecord(mapping, permitOf(mask), stored, 'sender', heldBack);
};
const redactedOf = (record: Case, mask: LabelMask, heldBack: readonly string[] = []): Redacted =>
  redactBundle(shippedRules, mappedOf(record, mask, heldBack), null);
const bytesOf = ({ resources }: Redacted): string => writeJson(resources as unknown as JsonValue);
const copy = (record: Case): Case => readJson(writeJson(record as unknown as JsonValue)) as unknown as Case;

describe('redaction', { timeout: TIMEOUT_MS }, () => {
  it('done twice is done once, and nothing outside the permit is left', () => {
    fc.assert(
      fc.property(someCase, permittedMask, (record, mask) => {
        const mapped = mappedOf(record, mask);
        const once = redactBundle(shippedRules, mapped, null);
        const again = { ...mapped, resources: once.resources.map((resource) => ({ resource, labels: 0 })) };
        expect(bytesOf(redactBundle(shippedRules, again, null))).toBe(bytesOf(once));
        for (const { labels } of redactByLabel(shippedRules, EVERYTHING, once.resources))
          expect(labels & ~mask).toBe(0);
        for (const { meta } of once.resources) {
          const named = labelsOfSecurity(meta?.security);
          expect(named).not.toBeNull();
          expect(named! & ~mask).toBe(0);
        }
      }),
      options,
    );
  });

  it('does not believe a map that builds what is not permitted and says that it is harmless', () => {
    const record = {
      schemaVersion: 1,
      person: { id: 'p', anonymous: true, religion: 'zq-religion' },
      needs: [{ id: 'n', category: 'addiction', status: 'active' }],
    } as const satisfies Case;
    const mask = maskOf(['identity', 'needs']);
    const resources = mappedOf(record, EVERYTHING).resources.map(({ resource }) => ({ resource, labels: 0 }));
    const mapped = { ...mappedOf(record, mask), resources };
    const left = bytesOf(redactBundle(shippedRules, mapped, null));
    expect(JSON.stringify(resources)).toMatch(/zq-religion.*"addiction"/);
    expect(left).toContain('"Patient"');
    expect(left).not.toMatch(/zq-religion|addiction/);
  });

  it('leaves no reference that leads nowhere', () => {
    fc.assert(
      fc.property(someCase, permittedMask, (record, mask) => {
        const { resources } = redactedOf(record, mask);
        const present = new Set(resources.map(({ resourceType, id }) => `${resourceType}/${id}`));
        const named = [...bytesOf({ resources } as Redacted).matchAll(/"reference":"([A-Z][A-Za-z]+\/[^"]+)"/g)];
        expect(named.filter(([, reference]) => !present.has(reference!))).toEqual([]);
      }),
      options,
    );
  });

  it('adding a hidden thing changes no byte', () => {
    let added = 0;
    fc.assert(
      fc.property(someCase, permittedMask, fc.nat(), fc.nat(), (record, mask, which, where) => {
        const before = bytesOf(redactedOf(record, mask));
        const changed = copy(record);
        const lists = listsOf(caseModel, changed);
        const list = lists[which % Math.max(lists.length, 1)];
        const one = list?.[where % Math.max(list.length, 1)];
        if (list === undefined || one === undefined) return;
        const about = { ...(one['about'] as Plain | undefined), '*': { source: 'observed', doNotShare: true } };
        list.splice(where % (list.length + 1), 0, { ...one, id: 'hidden-zq', about });
        added += 1;
        expect(bytesOf(redactedOf(changed, mask))).toBe(before);
      }),
      options,
    );
    expect(added).toBeGreaterThan(RUNS / 2);
  });

  it('what its author keeps back leaves the bytes of a record that marks it “do not share”, and no more', () => {
    let held = 0;
    fc.assert(
      fc.property(someCase, permittedMask, fc.infiniteStream(fc.nat(5)), (record, mask, pick) => {
        const { kept } = redactedOf(record, mask).account;
        const chosen = kept.map(({ path }) => path).filter(() => pick.next().value === 0);
        const marked = copy(record);
        for (const path of chosen) {
          const cut = path.lastIndexOf('/');
          const holder = at(marked, path.slice(0, cut)) as Plain;
          const abouts = (holder['about'] ?? {}) as Plain;
          const name = path.slice(cut + 1);
          const about = { source: 'observed', ...(abouts[name] as Plain | undefined), doNotShare: true };
          holder['about'] = { ...abouts, [name]: about };
        }
        held += chosen.length;
        const left = redactedOf(record, mask, chosen);
        expect(bytesOf(left)).toBe(bytesOf(redactedOf(marked, mask)));
        const before = new Set(redactedOf(record, mask).resources.map(({ id }) => id));
        expect(left.resources.filter(({ id }) => !before.has(id))).toEqual([]);
      }),
      options,
    );
    expect(held).toBeGreaterThan(RUNS);
  });

  it('removing a hidden thing changes no byte', () => {
    let removed = 0;
    fc.assert(
      fc.property(someCase, permittedMask, fc.nat(), (record, mask, which) => {
        const first = redactedOf(record, mask);
        const visible = first.account.kept.map(({ path }) => path);
        const hidden = itemsOf(caseModel, record as unknown as Plain, '').filter(
          ({ path, id }) => !visible.some((kept) => kept.startsWith(`${path}/`)) && !isNamed(record, id),
        );
        const target = hidden[which % Math.max(hidden.length, 1)];
        if (target === undefined) return;
        const changed = copy(record);
        const list = at(changed, target.path.slice(0, target.path.lastIndexOf('/'))) as unknown[];
        list.splice(Number(target.path.slice(target.path.lastIndexOf('/') + 1)), 1);
        // That violence is said hides where the person lives: this one thing is told by an address that is not there.
        const situations = (one: Case): number => situationsOf(shippedRules.case, one).length;
        if (situations(changed) !== situations(record)) return;
        removed += 1;
        expect(bytesOf(redactedOf(changed, mask))).toBe(bytesOf(first));
      }),
      options,
    );
    expect(removed).toBeGreaterThan(RUNS / 3);
  });

  it('changing a hidden text changes no byte, and no canary in it appears in any disguise', () => {
    let planted = 0;
    let shown = 0;
    fc.assert(
      fc.property(someCase, permittedMask, (record, mask) => {
        const first = redactedOf(record, mask);
        const changed = copy(record);
        for (const { path, reason } of first.account.withheld) {
          // A text that waits to be read may be let go by other words: it is no hidden thing yet.
          if (reason === 'points-to-withheld' || reason === 'to-review') continue;
          if (plant(changed, path, `${CANARY}${planted}`)) planted += 1;
        }
        const second = redactedOf(changed, mask);
        expect(bytesOf(second)).toBe(bytesOf(first));
        expect(leaksInto(bytesOf(second), [CANARY])).toEqual([]);
        expect(leaksInto(JSON.stringify(second.account.withheld), [CANARY])).toEqual([]);
        if (shown++ % 10 !== 0) return;
        expect(leaksInto(pinned(second), [CANARY])).toEqual([]);
      }),
      options,
    );
    process.stdout.write(`${JSON.stringify({ canariesPlanted: planted, runs: RUNS })}\n`);
    expect(planted).toBeGreaterThan(RUNS * 3);
  });
});

/** Letters that every escape writes differently. */
const CANARY = 'Kanari<é&"\'7731';

/** What leaves, or the words in which it is refused. */
function pinned(redacted: Redacted): string {
  const frame = { publicUrl, pairwiseId };
  const facts = {
    transferId: newId<TransferId>(),
    taskId: newId<TaskId>(),
    answerExpectedBy: null,
    at: redacted.permit.decidedAt,
  };
  try {
    return pinBundle(frame, redacted, facts, { id: 'sender', hidden: null }).wire.toString('utf8');
  } catch (error) {
    if (!(error instanceof RelaisError)) throw error;
    return `${error.message} ${JSON.stringify(error)} ${error.stack ?? ''}`;
  }
}

function at(root: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce((value, name) => (value as Plain)[name], root);
}

const FREE =
  /(?:note|summary|description|fact|precautions|reason|title|name|text|author|value|family|organization|Organization|phone|email|function|Function|authority|landlord|employer|creditor|bank|holder|careOf|city|(?:given|lines)\/\d+)$/;

/** Codes that are called as texts are elsewhere: another code would be another label. */
const CODED = /\/exits\/\d+\/reason$/;

/** Replaces a free text by a canary; false where a code, a key or a number stands. */
function plant(record: Case, path: string, canary: string): boolean {
  const cut = path.lastIndexOf('/');
  const holder = at(record, path.slice(0, cut)) as Plain;
  const name = path.slice(cut + 1);
  if (!FREE.test(path) || CODED.test(path) || typeof holder[name] !== 'string') return false;
  holder[name] = canary;
  return true;
}

/** Lists of items with keys, at any depth. */
function listsOf(model: Entity, value: Plain): Plain[][] {
  return Object.entries(model.fields).flatMap(([name, member]) => {
    const inner = value[name];
    if (member.kind === 'field' || inner === undefined) return [];
    if (member.kind === 'entity') return listsOf(member, inner as Plain);
    const items = inner as Plain[];
    const own = items.length > 0 && typeof items[0]!['id'] === 'string' ? [items] : [];
    return [...own, ...items.flatMap((item) => listsOf(member.item, item))];
  });
}

function itemsOf(model: Entity, value: Plain, path: string): { path: string; id: string }[] {
  return Object.entries(model.fields).flatMap(([name, member]) => {
    const inner = value[name];
    if (member.kind === 'field' || inner === undefined) return [];
    if (member.kind === 'entity') return itemsOf(member, inner as Plain, `${path}/${name}`);
    return (inner as Plain[]).flatMap((item, index) => {
      const here = `${path}/${name}/${index}`;
      const own = typeof item['id'] === 'string' ? [{ path: here, id: item['id'] }] : [];
      return [...own, ...itemsOf(member.item, item, here)];
    });
  });
}

/** Something else names the key: without it, that would say something else. */
function isNamed(record: Case, id: string): boolean {
  return writeJson(record as unknown as JsonValue).split(JSON.stringify(id)).length > 2;
}
