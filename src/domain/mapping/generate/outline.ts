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
  const free = isLong(lines) ? freeVariables(lines.join('\n')) : null;
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

/** Without the white space before each line. */
function isLong(lines: readonly string[]): boolean {
  const whole = lines.reduce((sum, line) => sum + line.length + 1, -1);
  return whole >= LEAST && lines.reduce((sum, line) => sum + line.trim().length + 1, -1) >= LEAST;
}

/**
 * Texts, which are passed over; declarations; and local names with what assigns to them: those of the state of a run,
 * aliases, flags, and whatever `freshName` made. No property, member or function.
 */
const TOKEN =
  /"(?:[^"\\]|\\.)*"|(?<![.\w$])(?:(?:const|let) ([^=;]+)|(s|r|g|key|path|m|v|may\d+|one_\w+|a\d+_\w+|[a-z]+\d+(?:_\d+)?)(?![\w$(]|:)(\s*(?:=(?!=)|\+\+|--|[-+|&?]{1,2}=))?)/g;

/** Names that the text takes from around it; null when it gives one of them a new value. */
function freeVariables(text: string): string[] | null {
  const declared = new Set<string>();
  const used = new Set<string>();
  const assigned = new Set<string>();
  for (const [, names, local, assignment] of text.matchAll(TOKEN)) {
    if (names !== undefined) for (const name of names.split(',')) declared.add(nameOf(name));
    if (local === undefined) continue;
    used.add(local);
    if (assignment !== undefined) assigned.add(local);
  }
  const free = [...used].filter((name) => !declared.has(name));
  return free.some((name) => assigned.has(name)) ? null : free;
}

const nameOf = (declaration: string): string => /\w+/.exec(declaration)?.[0] ?? '';
