import type { LabelMask } from '../labels.js';

/** config/labels/fhir.yaml: the labels of elements of FHIR resources. */
export interface FhirLabelRules {
  /** Members of a resource without content of their own. */
  readonly neutral: ReadonlySet<string>;
  /** Segment → labels that it adds in any resource. */
  readonly anywhere: ReadonlyMap<string, LabelMask>;
  readonly passingOn: ReadonlySet<string>;
  /** Ages in whole years; null: no such mark. */
  readonly adolescent: { readonly from: number; readonly until: number } | null;
  readonly situations: readonly FhirSituation[];
  /** What tells who sends. */
  readonly sender: SenderRules;
  /** By the last part of the URL of one of Relais' own profiles. */
  readonly profiles: ReadonlyMap<string, ProfileRules>;
  /** By the type of the resource, where it has none of these profiles. */
  readonly types: ReadonlyMap<string, LabelMask>;
}

export interface SenderRules {
  /** Beginnings of systems that belong to no agency. */
  readonly publicSystems: readonly string[];
  /** Name of a profile → members of its resources, or `extension(name)`, that speak of the sender. */
  readonly elements: ReadonlyMap<string, readonly string[]>;
}

export interface ProfileRules {
  readonly root: ElementRule;
  /** Codes say something of the item in which they stand, not of the whole resource. */
  readonly itemCodes: boolean;
}

/** A path written as a tree: what is not named has the labels of the nearest rule above it. */
export interface ElementRule {
  readonly labels: LabelMask | null;
  readonly when: readonly Condition[];
  readonly inner: ReadonlyMap<string, ElementRule>;
}

/** Where the element has this value, it carries the labels in addition. */
export interface Condition {
  /** A member, or `extension(name)`: its value. */
  readonly has: string;
  readonly is: string | boolean;
  readonly labels: LabelMask;
}

/** What a bundle says somewhere that hides elements of the person. */
export interface FhirSituation {
  readonly id: string;
  /** Canonical URL of a code system → codes. */
  readonly codes: ReadonlyMap<string, ReadonlySet<string>>;
  /** Name of an extension → its value. */
  readonly extensions: ReadonlyMap<string, string | boolean>;
  /** Codes of v3-ActCode in `meta.security`. */
  readonly security: ReadonlySet<string>;
  readonly hides: ReadonlySet<string>;
  readonly unless: Omit<Condition, 'labels'> | null;
  readonly labels: LabelMask;
}

/** Relais' own code systems are called as the tables of case.yaml. */
export const OWN_CODE_SYSTEMS = 'https://relais.example/fhir/CodeSystem/';
