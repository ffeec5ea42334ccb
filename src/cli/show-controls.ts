/** What a terminal obeys instead of showing: C0 and C1 controls (ECMA-48) but for line breaks and tabs, and what turns text around. */
const OBEYED = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]|\r(?!\n|$)/g;

/**
 * A line for a terminal, in which a name or a path cannot clear the screen, move the cursor, set the window's title or forge
 * another line: what would be obeyed is written as `\u001b`. JSON stays the same JSON.
 */
export function showControls(line: string): string {
  return line.replace(OBEYED, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
