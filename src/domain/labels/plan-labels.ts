import type { Entity, Field, List } from '../case/define.js';
import { caseModel } from '../case/schema.js';
import { givenCodesOf, type GivenCode } from './code-labels.js';
import { isProse } from './cues/prose.js';
import { labelsOf, type DataLabel, type LabelMask } from './labels.js';
import { rootPlace, type Place } from './places.js';
import type { CaseRules, FieldRule, Situation, Trigger } from './rules/rules.js';

/**
 * The case model with the label rules laid over it, worked out once: what a rule says of an entity or a field is found
 * where the walk over a record stands, not searched for at every field of every record.
 */
export interface LabelPlan {
  readonly record: EntityPlan;
  /** The lists whose items pass their labels on. */
  readonly passingOn: readonly PassingList[];
  /** Pointers into records, kept from one record to the next. */
  readonly root: Place;
  /** The names of sets of labels, kept likewise: most fields that stay miss one of a few sets. */
  readonly names: Map<LabelMask, readonly DataLabel[]>;
}

/** More sets than agreements and consents make together; what comes after them is named anew each time. */
const MOST_NAMES = 10_000;

export function namesOf({ names }: LabelPlan, mask: LabelMask): readonly DataLabel[] {
  let found = names.get(mask);
  if (found === undefined) {
    found = Object.freeze(labelsOf(mask));
    if (names.size < MOST_NAMES) names.set(mask, found);
  }
  return found;
}

export type MemberPlan = FieldPlan | ListPlan | EntityPlan;

export interface FieldPlan {
  readonly kind: 'field';
  /** Position among the members of its entity. */
  readonly position: number;
  /** Its own labels and what the rules add to their categories. */
  readonly needed: LabelMask;
  /** People fill it with words of their own. */
  readonly isProse: boolean;
  /** Path pattern of the list whose items it names. */
  readonly target: string | undefined;
}

export interface ListPlan {
  readonly kind: 'list';
  readonly position: number;
  readonly item: EntityPlan;
  /** Path pattern of the list where fields name its items; undefined where none does. */
  readonly namedAs: string | undefined;
  readonly holdsNamed: boolean;
}

export interface EntityPlan {
  readonly kind: 'entity';
  readonly position: number;
  /** Name of the entity in the case model. */
  readonly name: string;
  readonly members: ReadonlyMap<string, MemberPlan>;
  /** Those that tell which items that may be named survive: of an item all, around it only what leads to one. */
  readonly surviving: ReadonlyMap<string, MemberPlan>;
  /** Those that hold entities. */
  readonly nested: readonly { readonly name: string; readonly plan: ListPlan | EntityPlan }[];
  /** Fields whose values add labels to the whole item. */
  readonly codes: readonly FieldRule[];
  readonly given: readonly GivenCode[];
  /** Fields that name items which pass their labels on, with the path pattern of their list. */
  readonly naming: readonly { readonly field: string; readonly target: string }[];
  /** What here puts a record into a situation. */
  readonly triggers: readonly { readonly trigger: Trigger; readonly situation: Situation }[];
  /** Situations that hide it. */
  readonly hiddenBy: readonly Situation[];
  /** A list that fields name items of stands within. */
  readonly holdsNamed: boolean;
}

interface PassingList {
  /** Path pattern. */
  readonly path: string;
  /** Names of the members that lead to it from the record. */
  readonly names: readonly string[];
  readonly item: EntityPlan;
}

const plans = new WeakMap<CaseRules, LabelPlan>();

/** @returns the same plan for the same rules */
export function planLabels(rules: CaseRules): LabelPlan {
  let plan = plans.get(rules);
  if (plan === undefined) plans.set(rules, (plan = makePlan(rules)));
  return plan;
}

/** What a whole category carries in addition, by the rules of the installation. */
export function withCategories({ byCategory }: CaseRules, mask: LabelMask): LabelMask {
  let all = mask;
  for (const [category, added] of byCategory) if ((mask & category) !== 0) all |= added;
  return all;
}

function makePlan(rules: CaseRules): LabelPlan {
  const targets = new Set(targetsOf(caseModel));
  const record = planEntity({ rules, targets }, caseModel, 0, '');
  return {
    record,
    passingOn: rules.passingOn.map((path) => passingList(record, path)),
    root: rootPlace(),
    names: new Map(),
  };
}

/** Path patterns of all lists that fields name items of. */
function* targetsOf(model: Entity): Generator<string> {
  for (const member of Object.values(model.fields)) {
    if (member.kind !== 'field') yield* targetsOf(member.kind === 'list' ? member.item : member);
    else if (member.target !== undefined) yield member.target;
  }
}

interface Planning {
  readonly rules: CaseRules;
  readonly targets: ReadonlySet<string>;
}

function planEntity(planning: Planning, model: Entity, position: number, path: string): EntityPlan {
  const { rules } = planning;
  const members = new Map(
    Object.entries(model.fields).map(([name, member], at): [string, MemberPlan] => {
      const inner = path === '' ? name : `${path}.${name}`;
      if (member.kind === 'field') return [name, planField(rules, member, at)];
      return [
        name,
        member.kind === 'list' ? planList(planning, member, at, inner) : planEntity(planning, member, at, inner),
      ];
    }),
  );
  const nested = [...members].flatMap(([name, plan]) => (plan.kind === 'field' ? [] : [{ name, plan }]));
  return {
    kind: 'entity',
    position,
    name: model.name,
    members,
    surviving: path.includes('[]')
      ? members
      : new Map(nested.flatMap(({ name, plan }) => (plan.holdsNamed ? [[name, plan]] : []))),
    nested,
    codes: rules.byEntity.get(model.name) ?? [],
    given: givenCodesOf(model),
    naming: [...members].flatMap(([name, plan]) =>
      plan.kind === 'field' && plan.target !== undefined && rules.passingOn.includes(plan.target)
        ? [{ field: name, target: plan.target }]
        : [],
    ),
    triggers: rules.situations.flatMap((situation) =>
      situation.when
        .filter((trigger) => 'marked' in trigger || trigger.entity === model.name)
        .map((trigger) => ({ trigger, situation })),
    ),
    hiddenBy: rules.situations.filter(({ hides }) => hides.has(model.name)),
    holdsNamed: nested.some(({ plan }) => plan.holdsNamed),
  };
}

function planList(planning: Planning, model: List, position: number, path: string): ListPlan {
  const item = planEntity(planning, model.item, position, `${path}[]`);
  const namedAs = planning.targets.has(path) ? path : undefined;
  return { kind: 'list', position, item, namedAs, holdsNamed: namedAs !== undefined || item.holdsNamed };
}

function planField(rules: CaseRules, model: Field, position: number): FieldPlan {
  return {
    kind: 'field',
    position,
    needed: withCategories(rules, model.mask),
    isProse: isProse(model),
    target: model.target,
  };
}

function passingList(record: EntityPlan, path: string): PassingList {
  const names = path.split('.');
  let found: EntityPlan = record;
  for (const name of names) {
    const member = found.members.get(name);
    if (member === undefined || member.kind === 'field') throw new RangeError(`No list at ${path}`);
    found = member.kind === 'list' ? member.item : member;
  }
  return { path, names, item: found };
}
