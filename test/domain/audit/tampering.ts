import { leafHash, type SaltedEntry } from '../../../src/domain/audit/chain.js';
import type { AuditEntryId } from '../../../src/kernel/ids.js';
import { buildLog, copyOf, entryOf, newSigner, type LogModel } from './log-model.js';

/** What was done to a log. `at`: the first entry that is not what it was; absent where no entry is (a head, a signature). */
export interface Tampered {
  readonly kind: string;
  readonly log: LogModel;
  readonly at?: number;
}

export interface Random {
  /** 0 to below - 1. */
  below(below: number): number;
}

/** The same sequence for the same seed (mulberry32). */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return {
    below: (below) => {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
    },
  };
}

const FORGER = newSigner('relais/audit/model');

/** By how much the forger covers the tracks. The further down the list, the less is left that tells. */
export const COVERS = ['nothing', 'leaf', 'chain', 'tree', 'signatures', 'signed anew'] as const;
export type Cover = (typeof COVERS)[number];

const orderOf = (log: LogModel): SaltedEntry[] =>
  log.links.map(({ entryId }) => log.entries.get(entryId)).filter((entry) => entry !== undefined);

/** The log as if these had been its entries, as far as the forger goes. */
function rewrite(original: LogModel, entries: readonly SaltedEntry[], cover: Cover, at: number): LogModel {
  const log = copyOf(original);
  log.entries = new Map([...log.entries, ...entries.map((entry) => [entry.id, entry] as const)]);
  for (const id of log.entries.keys()) if (!entries.some((entry) => entry.id === id)) log.entries.delete(id);
  const sizes = original.checkpoints.map(({ size }) => Math.min(size, entries.length));
  const forged = buildLog(entries, FORGER, sizes, Math.min(...original.nodes.map(({ level }) => level)));
  if (cover === 'nothing') {
    log.links = entries.map((entry, seq) => ({ ...(original.links[seq] ?? forged.links[seq]!), entryId: entry.id }));
    return log;
  }
  if (cover === 'leaf') {
    log.links = forged.links.map((link, seq) => ({ ...link, chainHash: (original.links[seq] ?? link).chainHash }));
    return log;
  }
  log.links = forged.links;
  log.head = { ...log.head, size: forged.head.size, chainHash: forged.head.chainHash };
  if (cover === 'chain') return log;
  log.nodes = forged.nodes;
  log.head = { ...log.head, treeSize: forged.head.treeSize, peaks: forged.head.peaks };
  if (cover === 'tree') return log;
  // Signatures that the forger cannot make are thrown away, or made with a key of the forger's own.
  const kept = original.checkpoints.filter(({ size }) => size <= at);
  log.checkpoints = cover === 'signatures' ? kept : [...kept, ...forged.checkpoints.filter(({ size }) => size > at)];
  log.head = { ...log.head, signedSize: log.checkpoints.at(-1)?.size ?? 0 };
  return log;
}

function editOf(entry: SaltedEntry, random: Random): SaltedEntry {
  const edits: readonly Partial<SaltedEntry>[] = [
    { outcome: 'refused' },
    { at: '2027-01-01T00:00:00.000Z' },
    { action: 'disclosure.failed' },
    { salt: 'f'.repeat(32) },
    { organizations: [] },
    { codes: { ...entry.codes, attempt: 9_999 } },
    { codes: {} },
    { actor: { ...entry.actor, id: 'somebody' } },
  ];
  return { ...entry, ...edits[random.below(edits.length)] };
}

type Tamper = (log: LogModel, random: Random, cover: Cover) => Tampered;

/** The four that the log is for, each with any cover, and what is done to single tables. */
export const TAMPERINGS: Readonly<Record<string, Tamper>> = {
  edit: (log, random, cover) => {
    const entries = orderOf(log);
    const at = random.below(entries.length);
    return { kind: 'edit', at, log: rewrite(log, entries.with(at, editOf(entries[at]!, random)), cover, at) };
  },
  reorder: (log, random, cover) => {
    const entries = orderOf(log);
    const at = random.below(entries.length - 1);
    const other = at + 1 + random.below(entries.length - 1 - at);
    const swapped = entries.with(at, entries[other]!).with(other, entries[at]!);
    return { kind: 'reorder', at, log: rewrite(log, swapped, cover, at) };
  },
  delete: (log, random, cover) => {
    const entries = orderOf(log);
    const at = random.below(entries.length - 1);
    return { kind: 'delete', at, log: rewrite(log, entries.toSpliced(at, 1), cover, at) };
  },
  truncate: (log, random, cover) => {
    const entries = orderOf(log);
    const at = 1 + random.below(entries.length - 1);
    return { kind: 'truncate', at, log: rewrite(log, entries.slice(0, at), cover, at) };
  },
  /** Another story from some entry on. */
  fork: (log, random, cover) => {
    const entries = orderOf(log);
    const at = random.below(entries.length);
    const length = 1 + random.below(entries.length);
    const other = Array.from({ length }, (_, index) => entryOf(1_000 + index));
    return { kind: 'fork', at, log: rewrite(log, [...entries.slice(0, at), ...other], cover, at) };
  },
  insert: (log, random, cover) => {
    const entries = orderOf(log);
    const at = random.below(entries.length);
    return { kind: 'insert', at, log: rewrite(log, entries.toSpliced(at, 0, entryOf(2_000)), cover, at) };
  },
  'delete-entry': (original, random) => {
    const log = copyOf(original);
    const at = random.below(log.links.length);
    log.entries.delete(log.links[at]!.entryId);
    return { kind: 'delete-entry', at, log };
  },
  'delete-link': (original, random) => {
    const log = copyOf(original);
    const at = random.below(log.links.length);
    log.links.splice(at, 1);
    return { kind: 'delete-link', at, log };
  },
  'double-link': (original, random) => {
    const log = copyOf(original);
    const at = random.below(log.links.length);
    log.links.push({ ...log.links[at]! });
    return { kind: 'double-link', log };
  },
  renumber: (original, random) => {
    const log = copyOf(original);
    const at = random.below(log.links.length);
    log.links[at]!.seq = random.below(2) === 0 ? -1 - random.below(5) : log.links.length + 1 + random.below(5);
    return { kind: 'renumber', log };
  },
  'other-entry': (original, random) => {
    const log = copyOf(original);
    const at = random.below(log.links.length);
    const entryId = log.links[(at + 1 + random.below(log.links.length - 1)) % log.links.length]!.entryId;
    log.links[at]!.entryId = entryId;
    log.links[at]!.leafHash = leafHash(log.entries.get(entryId)!);
    return { kind: 'other-entry', at, log };
  },
  'other-readers': (original, random) => {
    const log = copyOf(original);
    const at = random.below(log.links.length);
    log.links[at]!.agrees = false;
    return { kind: 'other-readers', at, log };
  },
  'entry-under-another-id': (original, random) => {
    const log = copyOf(original);
    const at = random.below(log.links.length);
    const { entryId } = log.links[at]!;
    const entry = log.entries.get(entryId)!;
    log.entries.set('00000000-0000-4000-8000-999999999999' as AuditEntryId, entry);
    log.links[at]!.entryId = '00000000-0000-4000-8000-999999999999' as AuditEntryId;
    return { kind: 'entry-under-another-id', at, log };
  },
  hash: (original, random) => {
    const log = copyOf(original);
    const at = random.below(log.links.length);
    const field = random.below(2) === 0 ? 'leafHash' : 'chainHash';
    log.links[at]![field] = turned(log.links[at]![field], random);
    return { kind: 'hash', at, log };
  },
  node: (original, random) => {
    const log = copyOf(original);
    const index = random.below(log.nodes.length);
    const node = log.nodes[index]!;
    const with_ = [
      [],
      [{ ...node, hash: turned(node.hash, random) }],
      [{ ...node, level: node.level + 1 }],
      [node, { ...node, level: 9 }],
      [node, { ...node, lastSeq: node.lastSeq + 1 }],
      [node, { ...node, lastSeq: log.head.size + random.below(9) }],
    ][random.below(6)]!;
    log.nodes.splice(index, 1, ...with_);
    return { kind: 'node', log };
  },
  checkpoint: (original, random) => {
    const log = copyOf(original);
    const index = random.below(log.checkpoints.length);
    const { size, note } = log.checkpoints[index]!;
    const at = random.below(note.length);
    const other = log.checkpoints[(index + 1) % log.checkpoints.length]!;
    log.checkpoints[index] = [
      {
        size,
        note:
          note.slice(0, at) + String.fromCharCode(note.charCodeAt(at) ^ (1 + random.below(31))) + note.slice(at + 1),
      },
      { size: size + 1 + random.below(60), note },
      { size, note: other.note },
      { size, note: '' },
    ][random.below(4)]!;
    return { kind: 'checkpoint', log };
  },
  'newest-checkpoint-gone': (original) => {
    const log = copyOf(original);
    log.checkpoints.pop();
    return { kind: 'newest-checkpoint-gone', log };
  },
  head: (original, random) => {
    const log = copyOf(original);
    const { head } = log;
    const shift = (value: number): number => value + (random.below(2) === 0 ? -1 : 1) * (1 + random.below(9));
    const changes: readonly Partial<LogModel['head']>[] = [
      { size: Math.max(0, shift(head.size)) },
      { treeSize: head.treeSize + 1 + random.below(9) },
      { signedSize: Math.max(0, shift(head.signedSize)) },
      { chainHash: turned(head.chainHash, random) },
      { peaks: head.peaks.slice(1) },
      { peaks: [turned(head.peaks[0]!, random), ...head.peaks.slice(1)] },
    ];
    log.head = { ...head, ...changes[random.below(changes.length)] };
    return { kind: 'head', log };
  },
};

function turned(value: Buffer, random: Random): Buffer {
  const copy = Buffer.from(value);
  const bit = random.below(copy.length * 8);
  copy[bit >> 3]! ^= 1 << (bit & 7);
  return copy;
}

/** A kind and a cover for it, so that each comes about equally often. */
export function tamperAtRandom(log: LogModel, random: Random): { readonly tampered: Tampered; readonly cover: Cover } {
  const names = Object.keys(TAMPERINGS);
  // The six that can be covered come as often as all the others together.
  const name = random.below(2) === 0 ? names[random.below(6)]! : names[6 + random.below(names.length - 6)]!;
  const cover = COVERS[random.below(COVERS.length)]!;
  return { tampered: TAMPERINGS[name]!(log, random, cover), cover };
}

/** Where every table that could contradict was rewritten or emptied, only who kept a checkpoint outside can tell. */
export const needsWitness = (kind: string, cover: Cover): boolean =>
  cover === 'signatures' || (kind === 'truncate' && cover === 'signed anew');
