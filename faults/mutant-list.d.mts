export interface Mutant {
  readonly name: string;
  readonly without: string;
  readonly counter: 'lost' | 'duplicated' | 'unconsented' | 'unaudited';
  readonly kinds: readonly string[];
  /** File of the build, text that is there exactly once, what stands there instead. */
  readonly patches: readonly (readonly [string, string, string])[];
}
export declare const MUTANTS: readonly Mutant[];
