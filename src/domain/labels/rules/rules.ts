import type { LabelMask } from '../labels.js';
import type { CueRules } from '../cues/cue.js';
import type { FhirLabelRules } from '../fhir/fhir-rules.js';

/** The label rules of config/labels, read and checked once, at start. What is not there is no rule: nothing is guessed. */
export interface LabelRules {
  readonly case: CaseRules;
  readonly terminology: TerminologyRules;
  readonly fhir: FhirLabelRules;
  readonly cues: CueRules;
}

/** config/labels/case.yaml */
export interface CaseRules {
  /** Path patterns of lists whose items pass their labels on to what names them. */
  readonly passingOn: readonly string[];
  /** Entity → fields and what their values add to the whole item. */
  readonly byEntity: ReadonlyMap<string, readonly FieldRule[]>;
  /** Table → code → labels: own code systems are called as the tables. */
  readonly tables: ReadonlyMap<string, ReadonlyMap<string, LabelMask>>;
  readonly situations: readonly Situation[];
  /** Labels that everything of a category carries in addition. */
  readonly byCategory: readonly (readonly [category: LabelMask, added: LabelMask])[];
}

export interface FieldRule {
  readonly field: string;
  readonly values: ReadonlyMap<unknown, LabelMask>;
}

/** What the record says somewhere that holds for something else in it. */
export interface Situation {
  readonly id: string;
  readonly when: readonly Trigger[];
  /** Entities that carry `labels` where one of `when` is found. */
  readonly hides: ReadonlySet<string>;
  /** Field → values with which an item is left as it is. */
  readonly unless: readonly (readonly [field: string, values: ReadonlySet<unknown>])[];
  readonly labels: LabelMask;
}

export type Trigger =
  | {
      readonly entity: string;
      readonly field: string;
      readonly values: ReadonlySet<unknown>;
      readonly where: readonly (readonly [field: string, values: ReadonlySet<unknown>])[];
    }
  /** Anything that somebody marked by hand as a whole with one of these. */
  | { readonly marked: LabelMask };

/** config/labels/terminology.yaml: canonical URL of a code system → rules. */
export type TerminologyRules = ReadonlyMap<string, SystemRules>;

export interface SystemRules {
  readonly all: LabelMask;
  readonly codes: ReadonlyMap<string, LabelMask>;
  /** Beginnings of codes, in capitals. */
  readonly starts: readonly (readonly [start: string, labels: LabelMask])[];
}

/** The labels of one code of a public system; 0 where no rule speaks of it. */
export function labelsOfCode(terminology: TerminologyRules, system: unknown, code: unknown): LabelMask {
  if (typeof system !== 'string' || typeof code !== 'string') return 0;
  const rules = terminology.get(system);
  if (rules === undefined) return 0;
  const written = code.toUpperCase();
  let mask = rules.all | (rules.codes.get(written) ?? 0);
  for (const [start, labels] of rules.starts) if (written.startsWith(start)) mask |= labels;
  return mask;
}
