export interface Kind {
  readonly kind: string;
  readonly lane: string;
  readonly weight: 'cheap' | 'medium' | 'dear';
  readonly needs?: 'redis';
}
export declare const KINDS: readonly Kind[];
export declare function makePlan(options: {
  readonly seed: number | string;
  readonly injections: number;
  readonly have: { readonly redis: boolean };
  readonly only?: readonly string[];
}): readonly { readonly id: string; readonly kind: Kind; readonly seed: string }[];
