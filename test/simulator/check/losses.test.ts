/** What discarded records excuse, on hand-written histories: the rows that they bear on, and no others. */
import { describe, expect, test } from '@jest/globals';
import { createLosses } from '../../../src/simulator/check/losses.ts';
import type { HistoryFact } from '../../../src/simulator/model/history.ts';

const A = 'shardId-000000000000';
const HISTORY = { length: 10, at: (index: number) => index };

/** An event is its number, and bears on the row of that key. */
function prepare() {
  const losses = createLosses();
  let atMs = 0;
  const happens = (fact: HistoryFact): void => losses.read({ ...fact, atMs: atMs++ });
  return {
    losses,
    pushed: (event: number, sequenceNumber: string) =>
      happens({
        type: 'record-pushed',
        push: 0,
        event,
        copy: 0,
        shardId: A,
        sequenceNumber,
      }),
    moved: (sequenceNumber: string) =>
      happens({ type: 'checkpoint-moved', shardId: A, sequenceNumber }),
    discarded: (...sequenceNumbers: string[]) =>
      happens({
        type: 'batch-discarded',
        shardId: A,
        reason: 'retry-attempts-exhausted',
        invocations: 1,
        sequenceNumbers,
      }),
    /** The rows of all ten differ: those that nothing excuses. */
    unexcused: () =>
      losses
        .unexcused(
          Array.from({ length: 10 }, (_, at) => ({
            table: 'Seen',
            key: [String(at)],
            expected: {},
            actual: undefined,
          })),
          { bearOn: (events) => (difference) => events.has(Number(difference.key[0])) },
          HISTORY,
        )
        .map(({ key }) => Number(key[0])),
  };
}

const ALL = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

describe('what was discarded', () => {
  test('nothing: nothing is excused', () => {
    const { pushed, moved, unexcused } = prepare();
    pushed(1, '1');
    moved('1');
    expect(unexcused()).toEqual(ALL);
  });

  test('excuses the rows that it bears on', () => {
    const { pushed, discarded, moved, unexcused } = prepare();
    pushed(1, '1');
    pushed(2, '2');
    discarded('1');
    moved('2');
    expect(unexcused()).toEqual(ALL.filter((event) => event !== 1));
  });

  test.each([
    ['before', ['1', '2']],
    ['after', ['2', '1']],
  ])('excuses nothing where a copy was acknowledged %s it', (_, [first = '', second = '']) => {
    const { pushed, discarded, moved, unexcused } = prepare();
    pushed(1, first);
    pushed(1, second);
    discarded('1');
    moved('1');
    moved('2');
    expect(unexcused()).toEqual(ALL);
  });

  test('is counted where it is malformed, and excuses no row', () => {
    const { losses, pushed, discarded, moved, unexcused } = prepare();
    pushed(-1, '1');
    pushed(-1, '2');
    discarded('1');
    moved('2');
    expect(losses.malformed()).toBe(1);
    expect(unexcused()).toEqual(ALL);
  });

  test('excuses all in a view that does not say what bears on what', () => {
    const { losses, pushed, discarded, moved } = prepare();
    pushed(1, '1');
    discarded('1');
    moved('1');
    const difference = { table: 'Seen', key: ['5'], expected: {}, actual: undefined };
    expect(losses.unexcused([difference], {}, HISTORY)).toEqual([]);
  });
});
