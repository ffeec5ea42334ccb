import { generateKeyPairSync } from 'node:crypto';
import { appendEntries, EMPTY_CHAIN, type BadLink, type SaltedEntry } from '../../../src/domain/audit/chain.js';
import { createLogCheck, type LogHead, type LogRow } from '../../../src/domain/audit/check-log.js';
import { openCheckpoint, signCheckpoint } from '../../../src/domain/audit/checkpoint.js';
import { growTree, type TreeNode } from '../../../src/domain/audit/merkle/compact-range.js';
import type { NoteSigner } from '../../../src/domain/audit/signed-note.js';
import type { AuditEntryId, OrganizationId } from '../../../src/kernel/ids.js';

/** Small, so that even a short log has nodes of several levels. */
const LOWEST_LEVEL = 2;

/** A log in memory, as whoever owns the database may rewrite it: every table of it can be changed. */
export interface LogModel {
  entries: Map<AuditEntryId, SaltedEntry>;
  links: { seq: number; entryId: AuditEntryId; leafHash: Buffer; chainHash: Buffer; agrees: boolean }[];
  nodes: TreeNode[];
  checkpoints: { size: number; note: string }[];
  head: { -readonly [K in keyof LogHead]: LogHead[K] };
}

export function newSigner(name: string): NoteSigner {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return { name, privateKey, publicKey: Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url') };
}

const uuid = (index: number): string => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;

export function entryOf(index: number): SaltedEntry {
  return {
    id: uuid(index) as AuditEntryId,
    at: new Date(Date.UTC(2026, 1, 9) + index * 1_000).toISOString(),
    salt: String(index * 7_919).padStart(32, '0'),
    action: 'disclosure.sent',
    outcome: 'success',
    actor: { type: 'system', id: 'worker', organizationId: null },
    organizations: [uuid(1_000_000 + (index % 3)) as OrganizationId],
    codes: { attempt: index, digest: 'a'.repeat(64) },
  };
}

/** What the sequencer would make of these entries, numbered in this order. */
export function buildLog(
  entries: readonly SaltedEntry[],
  signer: NoteSigner,
  signedAt: readonly number[],
  lowestLevel = LOWEST_LEVEL,
): LogModel {
  const { links, size, chainHash } = appendEntries(0, EMPTY_CHAIN, entries);
  const tree = growTree();
  const nodes: TreeNode[] = [];
  const checkpoints: LogModel['checkpoints'] = [];
  for (const { leafHash } of links) {
    tree.append(leafHash, (node) => void (node.level >= lowestLevel && nodes.push(node)));
    if (signedAt.includes(tree.size()))
      checkpoints.push({ size: tree.size(), note: sign(tree.size(), tree.root(), signer) });
  }
  return {
    entries: new Map(entries.map((entry) => [entry.id, entry])),
    links: links.map((link) => ({ ...link, agrees: true })),
    nodes,
    checkpoints,
    head: { size, chainHash, treeSize: size, peaks: tree.range().peaks, signedSize: checkpoints.at(-1)?.size ?? 0 },
  };
}

const sign = (size: number, root: Buffer, signer: NoteSigner): string =>
  signCheckpoint({ origin: signer.name, size, root }, signer);

export function copyOf(log: LogModel): LogModel {
  return {
    entries: new Map(log.entries),
    links: log.links.map((link) => ({ ...link })),
    nodes: [...log.nodes],
    checkpoints: log.checkpoints.map((checkpoint) => ({ ...checkpoint })),
    head: { ...log.head },
  };
}

/** Reads it as the store does: by number, in slices, what lies beyond with the last one. */
export function verifyLog(log: LogModel, keys: readonly NoteSigner[], witness?: string, width = 16): BadLink | null {
  const check = createLogCheck({
    head: log.head,
    lowestLevel: LOWEST_LEVEL,
    keys,
    ...(witness !== undefined && { witness: openCheckpoint(witness, keys) }),
  });
  const links = log.links.toSorted((a, b) => a.seq - b.seq);
  const nodes = log.nodes.toSorted((a, b) => a.lastSeq - b.lastSeq || a.level - b.level);
  const checkpoints = log.checkpoints.toSorted((a, b) => a.size - b.size);
  for (let from = 0; ; from += width) {
    const last = from + width >= log.head.size;
    const [lowest, end] = [from === 0 ? -Infinity : from, last ? Infinity : from + width];
    const bad = check.next({
      rows: links
        .filter(({ seq }) => seq >= lowest && seq < end)
        .map((link): LogRow => ({ ...link, entry: log.entries.get(link.entryId) ?? null })),
      nodes: nodes.filter(({ lastSeq }) => lastSeq >= lowest && lastSeq < end),
      checkpoints: checkpoints.filter(({ size }) => size > lowest && size <= end),
    });
    if (bad !== null) return bad;
    if (last) return check.end();
  }
}
