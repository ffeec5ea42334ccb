import { freshName } from './emitter.js';
import type { ReverseEmitter } from './reverse-emitter.js';

/** A call of a function that serves every place of its form: `args` are the constants of this place. */
export interface Shared {
  readonly name: string;
  /** Constants, each with a comma before it. */
  readonly args: string;
}

/**
 * A function of the module whose constants are parameters, so that bodies which differ in these alone are one function:
 * a few dozen that are soon optimised, where there were hundreds of copies that were not.
 *
 * @param parameters names, before those of the constants
 * @param body statements; their constants stand after a comparison or a comma
 */
export function share({ emitter, shared }: ReverseEmitter, prefix: string, parameters: string, body: string): Shared {
  const args: string[] = [];
  const abstract = body.replace(CONSTANT, (text: string) => {
    args.push(text);
    return `c${args.length - 1}`;
  });
  const identity = `${prefix}(${parameters})${withoutNames(abstract)}`;
  let name = shared.get(identity);
  if (name === undefined) {
    name = freshName(emitter, prefix);
    shared.set(identity, name);
    const constants = args.map((_, index) => `, c${index}`).join('');
    emitter.hoisted.push(`function ${name}(${parameters}${constants}) {\n${abstract}\n}`);
  }
  return { name, args: args.map((text) => `, ${text}`).join('') };
}

/** A text or a constant of the context; `typeof x === "string"` is none, and neither is a part of a place. */
const CONSTANT = /(?<=(?:(?<!typeof [\w.?[\]]+ )[!=]== |, ))(?:"(?:[^"\\]|\\.)*"|s\.own\.sys\d+)/g;
const DECLARED = /(?:const|let) (\w+)/g;

/** Local names are unique in a module: what is the same but for these is the same. */
function withoutNames(body: string): string {
  const names = new Map([...body.matchAll(DECLARED)].map(([, name], index) => [name!, `$${index}`]));
  return body.replace(/(?<![.\w$"])[a-z]+\d+(?:_\d+)?(?![\w$])/g, (name) => names.get(name) ?? name);
}
