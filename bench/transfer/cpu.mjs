// Processor time of whole process trees, from /proc (proc(5), stat: fields 14 to 17). A child that has ended is in its
// parent's fields 16 and 17 from the moment the parent has waited for it, so nothing is lost and nothing counted twice.
import { readdirSync, readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100;

/** @returns [parent's pid, ticks of the process and of its children that have ended], or null once it is gone */
function statOf(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return [Number(fields[1]), [11, 12, 13, 14].reduce((sum, field) => sum + Number(fields[field]), 0)];
  } catch {
    return null;
  }
}

/** @returns seconds of processor time that the trees below these processes have used so far */
export function cpuSeconds(roots) {
  const processes = new Map();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = statOf(name);
    if (stat !== null) processes.set(Number(name), stat);
  }
  const counted = new Map();
  const isOurs = (pid) => {
    if (roots.includes(pid)) return true;
    const known = counted.get(pid);
    if (known !== undefined) return known;
    const parent = processes.get(pid)?.[0] ?? 0;
    const ours = parent > 1 && isOurs(parent);
    counted.set(pid, ours);
    return ours;
  };
  let ticks = 0;
  for (const [pid, [, own]] of processes) if (isOurs(pid)) ticks += own;
  for (const root of roots) if (!processes.has(root)) throw new Error('A process that is measured has ended.');
  return ticks / TICKS_PER_SECOND;
}

/** The parent of a process: of a backend, the postmaster. */
export function parentOf(pid) {
  const stat = statOf(pid);
  if (stat === null) throw new Error('The database does not run on this machine: its processor time cannot be read.');
  return stat[0];
}
