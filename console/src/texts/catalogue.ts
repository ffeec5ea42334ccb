/** What one text catalogue holds; French has the same keys, or it does not compile. */
export type Catalogue<T> = { readonly [K in keyof T]: T[K] extends string ? string : Catalogue<T[K]> };
