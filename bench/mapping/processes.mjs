// Engines in processes of their own, and slices of their work by turns: a busy machine slows neighbours alike.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const SLICE_MS = 200;

/** @param engine `compiled`, `by-hand` or `walker` */
export function start(engine) {
  const child = fork(fileURLToPath(new URL('engine.mjs', import.meta.url)), [engine]);
  return new Promise((resolve, reject) => {
    child.once('message', () => resolve(child));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`The engine ${engine} ended with ${code} before it was measured.`)));
  });
}

function measure(child, name) {
  return new Promise((resolve, reject) => {
    const ended = (code) => reject(new Error(`An engine ended with ${code} while ${name} was measured.`));
    child.once('exit', ended);
    child.once('message', (answer) => {
      child.off('exit', ended);
      resolve(answer);
    });
    child.send({ name, milliseconds: SLICE_MS });
  });
}

/**
 * Measures works by turns.
 *
 * @param works `[process, name of its work]`
 * @param warm rounds before those that count: the code of a large mapping is optimised after a second or two
 * @returns one row a round: the microseconds of each work
 */
export async function byTurns(works, { rounds, warm = 3, onAnswer = () => {} }) {
  const rows = [];
  for (let round = -warm; round < rounds; round += 1) {
    const row = [];
    for (const [child, name] of works) {
      const answer = await measure(child, name);
      onAnswer(answer);
      row.push(answer.microseconds);
    }
    if (round >= 0) rows.push(row);
  }
  return rows;
}

export const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
export const column = (rows, index) => median(rows.map((row) => row[index]));
/** The median of the ratios within rounds, with two digits. */
export const ratio = (rows, a, b) => Math.round(median(rows.map((row) => row[a] / row[b])) * 100) / 100;
