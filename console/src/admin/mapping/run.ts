export type Pack = 'case' | 'hmis';
export type Direction = 'to-fhir' | 'from-fhir';
export const TIERS = ['content', 'key', 'metadata', 'never'] as const;
export type Tier = (typeof TIERS)[number];

export interface TracedElement {
  readonly path: string;
  readonly sources: readonly string[];
  readonly kind: 'value' | 'code' | 'constant' | 'reference' | 'computed';
  readonly file: string;
  readonly line: number;
}

export interface Loss {
  readonly path: string;
  readonly kind: Tier;
  readonly reason: 'never' | 'not-permitted' | 'no-rule' | 'not-converted' | 'not-returned' | 'changed';
}

/** As `POST /api/v1/mappings/{name}/runs` answers, for a record that became FHIR. */
export interface ForwardRun {
  readonly version: string;
  readonly bundle: { readonly entry?: readonly { readonly resource?: unknown }[] };
  readonly trace: readonly {
    readonly entry: number;
    readonly map: string;
    readonly resourceType: string;
    readonly elements: readonly TracedElement[];
  }[];
  readonly loss: readonly Loss[];
}

/** The same for FHIR that became a record. */
export interface ReverseRun {
  readonly version: string;
  readonly record: unknown;
  readonly trace: readonly {
    readonly path: string;
    readonly entry: number;
    readonly element: string;
    readonly file: string;
    readonly line: number;
  }[];
  readonly kept: readonly { readonly map: string; readonly path: string; readonly reason: string }[];
  readonly conflicts: readonly { readonly map: string; readonly path: string }[];
  readonly refused: readonly { readonly map: string; readonly path: string }[];
}

export type Run = ForwardRun | ReverseRun;
export const isForward = (run: Run): run is ForwardRun => 'bundle' in run;

/** How many elements were made, and how many fields of each kind do not come back. Pure. */
export function coverageOf({ trace, loss }: ForwardRun): { readonly kept: number } & Readonly<Record<Tier, number>> {
  const of = (kind: Tier): number => loss.filter((one) => one.kind === kind).length;
  return {
    kept: trace.reduce((sum, { elements }) => sum + elements.length, 0),
    content: of('content'),
    key: of('key'),
    metadata: of('metadata'),
    never: of('never'),
  };
}
