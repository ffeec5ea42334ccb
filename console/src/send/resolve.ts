import type { CaseDocument, CaseValue } from '../api/views.js';

/** RFC 6901: the tokens of a JSON Pointer. */
export function tokensOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** What a pointer names in a record; undefined where there is nothing. */
export function resolve(document: CaseDocument, pointer: string): CaseValue | undefined {
  let node: CaseValue | undefined = document;
  for (const token of tokensOf(pointer)) {
    if (typeof node !== 'object' || node === null) return undefined;
    node = Array.isArray(node)
      ? (node as readonly CaseValue[])[Number(token)]
      : Object.hasOwn(node, token)
        ? (node as CaseDocument)[token]
        : undefined;
  }
  return node;
}

/** The record as its receiver reads it: only what is sent, lists without gaps. */
export function keepOnly(document: CaseDocument, pointers: readonly string[]): CaseDocument {
  type Tree = Map<string, Tree | null>;
  const root: Tree = new Map();
  for (const pointer of pointers) {
    let at = root;
    const tokens = tokensOf(pointer);
    tokens.forEach((token, index) => {
      if (index === tokens.length - 1) return void at.set(token, null);
      const next = at.get(token) ?? new Map<string, Tree | null>();
      at.set(token, next);
      at = next;
    });
  }
  const copy = (node: CaseValue, tree: Tree | null): CaseValue => {
    if (tree === null || typeof node !== 'object' || node === null) return node;
    if (Array.isArray(node)) {
      return [...tree.keys()]
        .map(Number)
        .sort((a, b) => a - b)
        .map((index) => copy((node as readonly CaseValue[])[index] ?? null, tree.get(String(index)) ?? null));
    }
    return Object.fromEntries(
      [...tree].flatMap(([name, inner]) => {
        const value = (node as CaseDocument)[name];
        return value === undefined ? [] : [[name, copy(value, inner)]];
      }),
    );
  };
  return copy(document, root) as CaseDocument;
}
