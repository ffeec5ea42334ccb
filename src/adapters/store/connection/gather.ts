/**
 * What several works of one transaction ask for at about the same time, asked with one statement.
 *
 * @param name of the statement: what bears the same name is asked together
 * @param run gets what was asked for, in that order, and sends its statements before it waits for anything
 * @returns this item's answer: of `run`'s answers the one at its place
 */
export type Gather = <Item, Answer>(
  name: string,
  item: Item,
  run: (items: readonly Item[]) => Promise<readonly Answer[]>,
) => Promise<Answer>;

/** Of a transaction that does one work: nothing is waited for. */
export const byItself: Gather = async (_name, item, run) => (await run([item]))[0]!;

interface Asked {
  readonly items: unknown[];
  readonly run: (items: readonly never[]) => Promise<readonly unknown[]>;
  readonly settle: { resolve: (answer: never) => void; reject: (error: unknown) => void }[];
}

/**
 * Of a transaction that is shared: what its works ask for in one turn of the event loop leaves at the end of that turn, statements in
 * the order in which they were first asked for.
 */
export function gathering(): { readonly gather: Gather; readonly flush: () => void } {
  let asked = new Map<string, Asked>();
  const flush = (): void => {
    const leaving = asked;
    if (leaving.size === 0) return;
    asked = new Map();
    for (const { items, run, settle } of leaving.values()) {
      run(items as never[]).then(
        (answers) => settle.forEach(({ resolve }, at) => resolve(answers[at] as never)),
        (error: unknown) => settle.forEach(({ reject }) => reject(error)),
      );
    }
  };
  const gather: Gather = (name, item, run) =>
    new Promise((resolve, reject) => {
      if (asked.size === 0) setImmediate(flush);
      let together = asked.get(name);
      if (together === undefined) asked.set(name, (together = { items: [], run, settle: [] }));
      together.items.push(item);
      together.settle.push({ resolve, reject });
    });
  return { gather, flush };
}

/**
 * What is asked for while a question is under way is asked together, after it.
 *
 * @param ask gets what was asked for, at most `most`; answers each at its place, or promises to: that is not waited for
 */
export function oneAtATime<Item, Answer>(
  ask: (items: readonly Item[]) => Promise<readonly (Answer | Promise<Answer>)[]>,
  most = 16,
): (item: Item) => Promise<Answer> {
  const waiting: {
    item: Item;
    resolve: (answer: Answer | Promise<Answer>) => void;
    reject: (error: unknown) => void;
  }[] = [];
  let isAsking = false;
  const run = async (): Promise<void> => {
    // What is asked for in the same turn of the event loop goes along.
    await new Promise((resolve) => setImmediate(resolve));
    while (waiting.length > 0) {
      const asked = waiting.splice(0, most);
      await ask(asked.map(({ item }) => item)).then(
        (answers) => asked.forEach(({ resolve }, at) => resolve(answers[at]!)),
        (error: unknown) => asked.forEach(({ reject }) => reject(error)),
      );
    }
    isAsking = false;
  };
  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (isAsking) return;
      isAsking = true;
      void run();
    });
}
