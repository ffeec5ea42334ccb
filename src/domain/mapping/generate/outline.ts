import { freshName, write, type Block, type Emitter } from './emitter.js';

/** Statements of fewer characters stay where they are: a call would cost more than it saves. */
const LEAST = 900;

/**
 * Writes statements, in a function of their own where they are many. JavaScript engines optimise a function later, or
 * not at all, the larger it is; the way back of a large resource in one function stays slow for seconds.
 *
 * Names of generated variables are unique in a module, so what a part needs from around it can be read off its text;
 * a part that assigns to something around it stays where it is.
 */
export function outline(emitter: Emitter, block: Block, statements: (within: Block) => void): void {
  const lines: string[] = [];
  statements({ ...block, lines });
  const text = lines.map((line) => line.trim()).join('\n');
  const free = text.length < LEAST ? null : freeVariables(emitter, text);
  if (free === null) {
    block.lines.push(...lines);
    return;
  }
  const name = freshName(emitter, 'part');
  const start = '  '.repeat(block.depth - 1);
  const body = lines.map((line) => (line.startsWith(start) ? line.slice(start.length) : line)).join('\n');
  emitter.hoisted.push(`function ${name}(${free.join(', ')}) {\n${body}\n}`);
  write(block, `${name}(${free.join(', ')});`);
}

const STRING = /"(?:[^"\\]|\\.)*"/g;
/** Local names: those of the state of a run, aliases, flags, and whatever `freshName` made. No property, no member. */
const LOCAL = /(?<![.\w$])(?:s|r|g|key|path|m|v|may\d+|one_\w+|a\d+_\w+|[a-z]+\d+(?:_\d+)?)(?![\w$]|:)/g;
const DECLARATION = /(?<![.\w$])(?:const|let) ([^=;]+)/g;
const HOISTED = /^(?:function|const) (\w+)/;

/** Names that the text takes from around it; null when it gives one of them a new value. */
function freeVariables(emitter: Emitter, text: string): string[] | null {
  const code = text.replace(STRING, '""');
  const declared = new Set([...code.matchAll(DECLARATION)].flatMap(([, names]) => names!.split(',').map(nameOf)));
  const hoisted = new Set(emitter.hoisted.map((one) => HOISTED.exec(one)?.[1]));
  const used = new Set([...code.matchAll(LOCAL)].map(([name]) => name));
  const free = [...used].filter((name) => !declared.has(name) && !hoisted.has(name));
  const isAssigned = (name: string): boolean =>
    new RegExp(`(?<![.\\w$])${name}\\s*(?:=(?!=)|\\+\\+|--|[-+|&?]{1,2}=)`).test(code);
  return free.some(isAssigned) ? null : free;
}

const nameOf = (declaration: string): string => /\w+/.exec(declaration)?.[0] ?? '';
