/** Invariants on hand-written histories: what they must report, and what they must let pass. */
import { describe, expect, test } from '@jest/globals';
import { createInvariants } from '../../../src/simulator/check/invariants.ts';
import type { HistoryFact } from '../../../src/simulator/model/history.ts';
import type { Row, Watcher } from '../../../src/simulator/model/workload.ts';

const A = 'shardId-000000000000';
const B = 'shardId-000000000001';

const broken = (message: string) => ({ invariant: 'any', message });

/** An event is its number, and must have a row of that key once it is past; nothing negative is written. */
function prepare(stored: readonly number[] = []) {
  let hasNegative = false;
  const watcher: Watcher<number> = {
    wrote: (table, _before, after) =>
      Number(after?.['n']) < 0 && table === 'Seen' ? broken('negative') : undefined,
    committed: () => (hasNegative ? broken('committed') : undefined),
    checkpointed: (event, readRow) =>
      readRow('Seen', [String(event)]) === undefined ? broken(`lost ${event}`) : undefined,
  };
  const invariants = createInvariants(watcher, (event) => ({ kind: event < 5 ? 'low' : 'high' }));
  const seen = () => Promise.race([invariants.violated, Promise.resolve(undefined)]);
  const readRow = (_table: string, [key]: readonly string[]): Row | undefined =>
    stored.includes(Number(key)) ? {} : undefined;
  invariants.begin({ length: 10, at: (index) => index }, readRow);
  let atMs = 0;
  const happens = (fact: HistoryFact): void => invariants.read({ ...fact, atMs: atMs++ });
  return {
    invariants,
    spoil: () => {
      hasNegative = true;
    },
    pushed: (event: number, sequenceNumber: string, shardId = A) =>
      happens({ type: 'record-pushed', push: 0, event, copy: 0, shardId, sequenceNumber }),
    moved: (sequenceNumber: string, shardId = A) =>
      happens({ type: 'checkpoint-moved', shardId, sequenceNumber }),
    discarded: (sequenceNumber: string, shardId = A) =>
      happens({
        type: 'batch-discarded',
        shardId,
        reason: 'retry-attempts-exhausted',
        invocations: 1,
        sequenceNumbers: [sequenceNumber],
      }),
    /** What it has told by now. */
    told: async () => (await seen())?.message,
    seen,
  };
}

describe('it reports', () => {
  test('a write that must not be', async () => {
    const { invariants, told } = prepare();
    invariants.wrote('Seen', undefined, { n: -1 });
    expect(await told()).toBe('negative');
  });

  test('a commit that must not be', async () => {
    const { invariants, spoil, told } = prepare();
    invariants.committed();
    expect(await told()).toBe(undefined);
    spoil();
    invariants.committed();
    expect(await told()).toBe('committed');
  });

  test('the first violation, not the last', async () => {
    const { invariants, spoil, told } = prepare();
    invariants.wrote('Seen', undefined, { n: -1 });
    spoil();
    invariants.committed();
    expect(await told()).toBe('negative');
  });

  test('a record that the checkpoint stands at, or has passed, without its row', async () => {
    const at = prepare([0]);
    at.pushed(0, '1');
    at.pushed(1, '2');
    at.moved('2');
    expect(await at.told()).toBe('lost 1');
    const passed = prepare([1]);
    passed.pushed(0, '9');
    passed.pushed(1, '10');
    passed.moved('10');
    expect(await passed.told()).toBe('lost 0');
  });

  test('a record of a later checkpoint', async () => {
    const { pushed, moved, told } = prepare([0]);
    pushed(0, '1');
    pushed(1, '2');
    moved('1');
    expect(await told()).toBe(undefined);
    moved('2');
    expect(await told()).toBe('lost 1');
  });

  test('a record of another shard', async () => {
    const { pushed, moved, told } = prepare([0]);
    pushed(0, '1', A);
    pushed(1, '1', B);
    moved('1', B);
    expect(await told()).toBe('lost 1');
  });

  test('a record that the producer hears of after the checkpoint has passed it', async () => {
    const { pushed, moved, told } = prepare([1]);
    pushed(1, '2');
    moved('2');
    pushed(0, '1');
    expect(await told()).toBe('lost 0');
  });

  test('a record that the producer hears of after a later one', async () => {
    const { pushed, moved, told } = prepare([1]);
    pushed(1, '2');
    pushed(0, '1');
    moved('1');
    expect(await told()).toBe('lost 0');
  });

  test('a record beside one that was discarded', async () => {
    const { pushed, discarded, moved, told } = prepare();
    pushed(0, '1');
    pushed(1, '2');
    discarded('1');
    moved('2');
    expect(await told()).toBe('lost 1');
  });
});

describe('it lets pass', () => {
  test('what has its row, what is not past, what was discarded, what is malformed', async () => {
    const { invariants, pushed, discarded, moved, told } = prepare([0]);
    pushed(0, '1');
    pushed(1, '2');
    pushed(-1, '3');
    pushed(2, '4');
    pushed(3, '1', B);
    invariants.wrote('Seen', undefined, { n: 1 });
    invariants.committed();
    discarded('2');
    moved('3');
    expect(await told()).toBe(undefined);
  });
});

describe('a violation has the watch point at which it was found', () => {
  test.each([
    [1, 'low'],
    [2, 'low'],
    [7, 'high'],
  ])('event %i', async (event, eventKind) => {
    const { pushed, moved, seen } = prepare();
    pushed(event, '1');
    moved('1');
    const watchPoint = { type: 'checkpoint', eventKind };
    const failure = { kind: 'invariant', invariant: 'any', message: `lost ${event}`, watchPoint };
    expect(await seen()).toEqual(failure);
  });

  test('writes by their table, commits', async () => {
    const written = prepare();
    written.invariants.wrote('Seen', undefined, { n: -1 });
    expect(await written.seen()).toMatchObject({ watchPoint: { type: 'write', table: 'Seen' } });
    const committed = prepare();
    committed.spoil();
    committed.invariants.committed();
    expect(await committed.seen()).toMatchObject({ watchPoint: { type: 'commit' } });
  });
});
