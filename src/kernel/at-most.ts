/**
 * Waits for work, and no longer than so many milliseconds; the work goes on. Keeps no timer once the work has ended.
 *
 * @throws what the work throws in that time
 */
export async function atMost(work: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, Math.max(ms, 0));
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}
