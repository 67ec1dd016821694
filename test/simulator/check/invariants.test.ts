/** The guard on hand-written histories: what it must tell, and what it must let pass. */
import { describe, expect, test } from '@jest/globals';
import { createGuard } from '../../../src/simulator/check/invariants.ts';
import type { HistoryFact } from '../../../src/simulator/model/history.ts';
import type { Row, Watcher } from '../../../src/simulator/model/workload.ts';

const A = 'shardId-000000000000';
const B = 'shardId-000000000001';

/** An event is its number, and must have a row of that key once it is past; nothing negative is written. */
function prepare(stored: readonly number[] = []) {
  let hasNegative = false;
  const watcher: Watcher<number> = {
    wrote: (table, _before, after) =>
      Number(after?.['n']) < 0 && table === 'Seen' ? 'negative' : undefined,
    committed: () => (hasNegative ? 'committed' : undefined),
    checkpointed: (event, find) =>
      find('Seen', [String(event)]) === undefined ? `lost ${event}` : undefined,
  };
  const guard = createGuard(watcher, (event) => ({ kind: event < 5 ? 'low' : 'high' }));
  const seen = () => Promise.race([guard.violated, Promise.resolve(undefined)]);
  const find = (_table: string, [key]: readonly string[]): Row | undefined =>
    stored.includes(Number(key)) ? {} : undefined;
  guard.begin({ length: 10, at: (index) => index }, find);
  let atMs = 0;
  const happens = (fact: HistoryFact): void => guard.read({ ...fact, atMs: atMs++ });
  return {
    guard,
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
    told: async () => (await seen())?.text,
    seen,
  };
}

describe('the guard tells', () => {
  test('a write that must not be', async () => {
    const { guard, told } = prepare();
    guard.wrote('Seen', undefined, { n: -1 });
    expect(await told()).toBe('negative');
  });

  test('a commit that must not be', async () => {
    const { guard, spoil, told } = prepare();
    guard.committed();
    expect(await told()).toBe(undefined);
    spoil();
    guard.committed();
    expect(await told()).toBe('committed');
  });

  test('the first violation, not the last', async () => {
    const { guard, spoil, told } = prepare();
    guard.wrote('Seen', undefined, { n: -1 });
    spoil();
    guard.committed();
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

describe('the guard lets pass', () => {
  test('what has its row, what is not past, what was discarded, what is malformed', async () => {
    const { guard, pushed, discarded, moved, told } = prepare([0]);
    pushed(0, '1');
    pushed(1, '2');
    pushed(-1, '3');
    pushed(2, '4');
    pushed(3, '1', B);
    guard.wrote('Seen', undefined, { n: 1 });
    guard.committed();
    discarded('2');
    moved('3');
    expect(await told()).toBe(undefined);
  });
});

describe('violations of one kind are told as such', () => {
  test.each([
    [1, 'when a low is acknowledged'],
    [2, 'when a low is acknowledged'],
    [7, 'when a high is acknowledged'],
  ])('event %i', async (event, kind) => {
    const { pushed, moved, seen } = prepare();
    pushed(event, '1');
    moved('1');
    expect(await seen()).toEqual({ kind, text: `lost ${event}` });
  });

  test('writes by their table, commits', async () => {
    const written = prepare();
    written.guard.wrote('Seen', undefined, { n: -1 });
    expect(await written.seen()).toEqual({ kind: 'when Seen is written', text: 'negative' });
    const committed = prepare();
    committed.spoil();
    committed.guard.committed();
    expect(await committed.seen()).toMatchObject({ kind: 'when a write can be seen' });
  });
});
