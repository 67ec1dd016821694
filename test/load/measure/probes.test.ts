import { describe, expect, test } from '@jest/globals';
import { type ProbeParts, startProbes } from '../../../load/measure/probes.ts';
import { decodeRecord } from '../../../load/worlds/records-read.ts';
import type { PushRecord, PutResult } from '../../../src/simulator/stream/put-records.ts';

const BUSY = Object.assign(new Error('slow down'), {
  name: 'ProvisionedThroughputExceededException',
});

/**
 * A virtual clock, and a view in which a sale shows `appliedMs` after its put. `outcomeOf` decides about each put.
 */
function simulatedView(
  appliedMs: number,
  outcomeOf: (put: number) => 'put' | 'refused' | Error = () => 'put',
) {
  let now = 10_000;
  let puts = 0;
  const waiting: { atMs: number; resolve(): void }[] = [];
  const records: PushRecord[] = [];
  const visibleAtMs = new Map<string, number>();
  const parts: ProbeParts = {
    seed: 'S',
    mark: 'm:',
    pollMs: 100,
    hashKeyOf: (probe) => String(probe % 2),
    nowMs: () => now,
    pause: (ms) => new Promise((resolve) => waiting.push({ atMs: now + ms, resolve })),
    scoreOf: async (userId) => ((visibleAtMs.get(userId) ?? Infinity) <= now ? 1 : 0),
    async put(call): Promise<readonly PutResult[]> {
      const outcome = outcomeOf(puts++);
      if (outcome instanceof Error) throw outcome;
      if (outcome === 'refused') return call.map((_, at) => (at === 0 ? stored(puts, 0) : REFUSED));
      records.push(...call);
      const [creation] = call.map(({ data }) => decodeRecord(data));
      visibleAtMs.set(creation?.origin ?? '', now + appliedMs);
      // The later record of a call may have the lesser number.
      return [stored(puts, 9), stored(puts, 8)];
    },
  };
  const run = async (ms: number): Promise<void> => {
    for (const endMs = now + ms; now < endMs; now += 50) {
      for (const due of waiting.filter(({ atMs }) => atMs <= now)) {
        waiting.splice(waiting.indexOf(due), 1);
        due.resolve();
      }
      for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    }
  };
  return { parts, run, records };
}
const REFUSED: PutResult = { error: 'ProvisionedThroughputExceededException' };
const stored = (put: number, digit: number): PutResult => ({
  shardId: 'shard',
  sequenceNumber: `${put}${digit}`,
});

describe('probes', () => {
  test('are put about once a second, onto the shards in turn, each with its lag', async () => {
    const { parts, run, records } = simulatedView(330);
    const probes = startProbes(parts, () => false);
    while (probes.all.length < 3) await run(100);
    await run(400);
    expect(probes.all).toEqual(
      ['19', '29', '39'].map((sequenceNumber) => ({
        at: { shardId: 'shard', sequenceNumber },
        lagMs: 400,
      })),
    );
    expect(records.map(({ explicitHashKey }) => explicitHashKey)).toEqual([
      ...['0', '0', '1', '1', '0', '0'],
    ]);
    const events = records.map(({ data }) => decodeRecord(data));
    for (const { productId, origin } of events) {
      expect([productId.slice(0, 8), origin.slice(0, 8)]).toEqual(['m:probe ', 'm:probe/']);
    }
    expect(events.map(({ kind }) => kind)).toEqual([
      ...['creation', 'purchase', 'creation', 'purchase', 'creation', 'purchase'],
    ]);
  });

  test('do not count where the put was refused in part or the server busy', async () => {
    const { parts, run } = simulatedView(0, (put) =>
      put === 0 ? 'refused' : put === 1 ? BUSY : 'put',
    );
    const probes = startProbes(parts, () => false);
    while (probes.all.length < 1) await run(100);
    expect(probes.all.map(({ at }) => at.sequenceNumber)).toEqual(['39']);
  });

  test('read again after a busy server; any other error rejects in the end', async () => {
    const { parts, run } = simulatedView(0);
    let reads = 0;
    const scoreOf = async () => {
      reads++;
      if (reads === 1) throw BUSY;
      if (reads === 4) throw new RangeError('broken');
      return reads === 2 ? 1 : 0;
    };
    const probes = startProbes({ ...parts, scoreOf }, () => false);
    while (reads < 4) await run(100);
    expect(probes.all.map(({ lagMs }) => lagMs)).toEqual([100, undefined]);
    await expect(probes.finished()).rejects.toThrow('broken');
  });

  test('are not in phase with a reader that polls each second', async () => {
    const { parts, run, records } = simulatedView(0);
    const probes = startProbes(parts, () => false);
    while (probes.all.length < 40) await run(100);
    const putAtMs = records.map(({ data }) => Date.parse(decodeRecord(data).timeOrigin));
    const tenths = new Set(putAtMs.map((ms) => Math.floor((ms % 1_000) / 100)));
    expect(tenths.size).toBeGreaterThan(7);
    expect((putAtMs.at(-1) ?? 0) - (putAtMs[0] ?? 0)).toBeGreaterThan(35_000);
    expect((putAtMs.at(-1) ?? 0) - (putAtMs[0] ?? 0)).toBeLessThan(43_000);
  });

  test('that are not found when the run is over never will be', async () => {
    const { parts, run } = simulatedView(Infinity);
    let isOver = false;
    const probes = startProbes(parts, () => isOver);
    await run(500);
    isOver = true;
    const finished = probes.finished();
    await run(200);
    await finished;
    expect(probes.all.map(({ lagMs }) => lagMs)).toEqual([undefined]);
  });
});
