import { describe, expect, it } from 'vitest';
import { buildLog, copyOf, entryOf, newSigner, verifyLog } from './log-model.js';
import { needsWitness, randomOf, tamperAtRandom, TAMPERINGS } from './tampering.js';
import { isThorough } from '../../support/thorough.js';

const SIGNER = newSigner('relais/audit/model');
const entries = Array.from({ length: 53 }, (_, index) => entryOf(index));
/** Up to its end the log is signed; a witness keeps a checkpoint between two that the log itself kept. */
const SIGNED_AT = [21, 53];
const log = buildLog(entries, SIGNER, SIGNED_AT);
const newest = log.checkpoints.at(-1)!.note;
const witness = buildLog(entries, SIGNER, [37]).checkpoints[0]!.note;

describe('a log as it was written', () => {
  it('holds, with and without a witness, in slices of any width', () => {
    for (const width of [1, 2, 7, 16, 52, 53, 54, 1_000]) {
      expect(verifyLog(log, [SIGNER], undefined, width)).toBeNull();
      expect(verifyLog(log, [SIGNER], witness, width)).toBeNull();
    }
    expect(verifyLog(buildLog([], SIGNER, []), [SIGNER])).toBeNull();
  });

  it('holds while its tree is being built, or its end is not signed yet', () => {
    const behind = copyOf(log);
    const part = buildLog(entries.slice(0, 32), SIGNER, []);
    behind.head = { ...behind.head, treeSize: 32, peaks: part.head.peaks, signedSize: 21 };
    behind.nodes = part.nodes;
    behind.checkpoints.pop();
    expect(verifyLog(behind, [SIGNER])).toBeNull();
  });
});

/** 10,000 in the thorough pass. */
const TIMES = isThorough ? 10_000 : 600;

describe('a log that was tampered with', () => {
  it(`is found out ${TIMES} times out of ${TIMES}, and the first bad entry is named`, { timeout: 600_000 }, () => {
    const random = randomOf(Number(process.env['TAMPER_SEED'] ?? 5));
    const missed: string[] = [];
    const misnamed: string[] = [];
    const kinds = new Map<string, number>();
    let tamperings = 0;
    let found = 0;
    while (tamperings < TIMES) {
      const { tampered, cover } = tamperAtRandom(log, random);
      const { kind, at } = tampered;
      const covered = Object.keys(TAMPERINGS).indexOf(kind) < 6 ? cover : 'nothing';
      tamperings += 1;
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      const outside = needsWitness(kind, covered) ? newest : undefined;
      const bad = verifyLog(tampered.log, [SIGNER], outside, 1 + random.below(60));
      if (bad === null) {
        missed.push(`${kind}/${covered}@${at}`);
        continue;
      }
      found += 1;
      const named = at === undefined || (bad.seq <= at && at < (bad.before ?? bad.seq + 1));
      if (!named) misnamed.push(`${kind}/${covered}@${at}: ${bad.kind}@${bad.seq}-${bad.before}`);
    }
    process.stdout.write(`${JSON.stringify({ tamperings, found })}\n`);
    expect(missed).toEqual([]);
    expect(misnamed).toEqual([]);
    expect([...kinds.keys()].sort()).toEqual(Object.keys(TAMPERINGS).sort());
    expect(Math.min(...kinds.values())).toBeGreaterThan(TIMES / 100);
  });

  it('with every table rewritten is found by the witness alone', () => {
    const forged = buildLog(entries.with(30, { ...entries[30]!, outcome: 'refused' }), SIGNER, SIGNED_AT);
    expect(verifyLog(forged, [SIGNER])).toBeNull();
    expect(verifyLog(forged, [SIGNER], witness)).toEqual({
      seq: 21,
      before: 37,
      kind: 'witness-differs',
      entryId: null,
    });
    // An older copy of the log, whole in itself: what a restored backup looks like.
    const restored = buildLog(entries.slice(0, 30), SIGNER, [21, 30]);
    expect(verifyLog(restored, [SIGNER])).toBeNull();
    expect(verifyLog(restored, [SIGNER], witness)).toEqual({
      seq: 30,
      before: 31,
      kind: 'witness-longer',
      entryId: null,
    });
  });

  it('and signed with another key is another log', () => {
    const other = newSigner('relais/audit/model');
    const forged = buildLog(entries, other, SIGNED_AT);
    expect(verifyLog(forged, [SIGNER])).toMatchObject({ kind: 'checkpoint-differs', seq: 0, before: 21 });
    expect(verifyLog(forged, [other], witness)).toMatchObject({ kind: 'witness-foreign' });
  });

  it('so that an entry cannot be written as JSON at all is named', () => {
    const broken = copyOf(log);
    broken.entries.set(entries[9]!.id, { ...entries[9]!, codes: { attempt: Infinity } });
    expect(verifyLog(broken, [SIGNER])).toMatchObject({ kind: 'entry-changed', seq: 9 });
  });
});
