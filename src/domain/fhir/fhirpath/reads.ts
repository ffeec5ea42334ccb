import type { Expression } from './parse.js';

/**
 * The elements of the context that an expression can look at, or null when that cannot be told from its text. What is
 * named only below another element is in the set too: more than is read does no harm, less would.
 *
 * @param type the type that the expression is about; it may begin a path (`Patient.contact`)
 */
export function readsOf(expression: Expression, type: string): ReadonlySet<string> | null {
  const names = new Set<string>();
  return collect(expression, type, names) ? names : null;
}

function collect(e: Expression, type: string, names: Set<string>): boolean {
  switch (e.kind) {
    case 'string':
    case 'number':
    case 'temporal':
    case 'boolean':
    case 'quantity':
    case 'empty':
      return true;
    case 'this':
    case 'index':
    case 'total':
    case 'env':
      return false;
    case 'member':
      if (e.target === null) {
        names.add(e.name);
        return e.name !== type;
      }
      if (e.target.kind === 'member' && e.target.target === null && e.target.name === type) {
        names.add(e.name);
        return true;
      }
      return collect(e.target, type, names);
    case 'call':
      // Without a target a function is about the context itself, or about the clock.
      return e.target !== null && [e.target, ...e.args].every((part) => collect(part, type, names));
    case 'item':
      return collect(e.target, type, names) && collect(e.position, type, names);
    case 'sign':
    case 'type':
      return collect(e.operand, type, names);
    case 'binary':
      return collect(e.left, type, names) && collect(e.right, type, names);
  }
}
