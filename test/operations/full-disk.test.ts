import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWorld } from '../../src/demo/start-world.js';
import { TOIT_COMMUN } from '../../src/demo/world.js';
import { startOwnCluster, type OwnCluster } from '../support/own-cluster.js';
import { Valmont, type Answer, type TransferView } from '../support/story.js';

/** A disk of 120 MB. Only root may mount one. */
const disk = mkdtempSync(join(tmpdir(), 'relais-disk-'));
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=120m', 'tmpfs', disk]).status === 0;
const title = mounted ? '' : ' (skipped: a small tmpfs cannot be mounted)';

let cluster: OwnCluster;
let valmont: Valmont;

beforeAll(async () => {
  if (!mounted) return;
  cluster = await startOwnCluster({ data: join(disk, 'data') });
  valmont = new Valmont(await startWorld({ lang: 'en', databaseUrl: cluster.url }));
  const gateway = await valmont.world.startGateway();
  await valmont.prepare();
  await gateway.stop();
});
afterAll(async () => {
  if (mounted) {
    await valmont?.close();
    await cluster?.remove();
    spawnSync('umount', ['-l', disk]);
  }
  rmSync(disk, { recursive: true, force: true });
});

const isOver = ({ status }: TransferView): boolean => !['held', 'queued', 'sending'].includes(status);

test.skipIf(!mounted)(
  `a full disk acknowledges nothing that it does not keep, and all is delivered once there is room${title}`,
  async () => {
    const gateway = await valmont.world.startGateway('all');
    const ballast = join(disk, 'ballast');
    fill(ballast, 1_500_000);

    const acknowledged: { readonly key: string; readonly id: string }[] = [];
    const refused: { readonly key: string; readonly answer: Answer<TransferView> | null }[] = [];
    for (let tries = 0; tries < 200 && refused.length < 5; tries += 1) {
      const key = randomUUID();
      const answer = await valmont.request(TOIT_COMMUN, 'HOUSING', { key }).catch(() => null);
      if (answer?.status === 202) acknowledged.push({ key, id: answer.body.id });
      else refused.push({ key, answer });
    }
    expect(refused.length).toBe(5);
    // The gateway lives, and says that it is for a while.
    expect(refused.map(({ answer }) => answer?.body)).toMatchObject(refused.map(() => ({ code: 'store.unavailable' })));
    for (const { answer } of refused) {
      expect(answer?.status).toBe(503);
      expect(answer?.headers['retry-after']).toBeDefined();
      expect(JSON.stringify(answer?.body)).not.toMatch(/No space|PANIC|pg_wal|\/tmp/);
    }

    rmSync(ballast);
    if (!cluster.isRunning()) await cluster.start();
    for (const { key, id } of acknowledged) {
      const again = await eventually(() => valmont.request(TOIT_COMMUN, 'HOUSING', { key }));
      expect(again.body.id).toBe(id);
    }
    for (const { key } of refused) {
      const again = await eventually(() => valmont.request(TOIT_COMMUN, 'HOUSING', { key }));
      acknowledged.push({ key, id: again.body.id });
    }
    for (const { id } of acknowledged) {
      expect((await valmont.until(id, isOver, 60_000)).status).toBe('delivered');
      expect(await valmont.effectsOf(TOIT_COMMUN, id)).toHaveLength(1);
    }
    await gateway.stop();
    while ((await valmont.world.store.sequenceOnce()) > 0);
    expect(await valmont.world.store.verifyAudit()).toMatchObject({ ok: true, unsequenced: 0 });
  },
  180_000,
);

/** Leaves this many bytes free. */
function fill(path: string, free: number): void {
  const file = openSync(path, 'w');
  const block = Buffer.alloc(65_536);
  for (;;) {
    const { bavail, bsize } = statfsSync(disk);
    if (bavail * bsize <= free + block.length) break;
    writeSync(file, block);
  }
  closeSync(file);
}

async function eventually(ask: () => Promise<Answer<TransferView>>): Promise<Answer<TransferView>> {
  for (let tries = 0; ; tries += 1) {
    const answer = await ask().catch(() => null);
    if (answer?.status === 202) return answer;
    if (tries === 60) throw new Error(`Still ${answer?.status ?? 'no answer'}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
