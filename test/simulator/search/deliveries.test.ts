/**
 * What was delivered in one run is delivered in another: the same records together, as often, in
 * that order.
 */
import { expect, test } from '@jest/globals';
import { eventSourceMapping } from '../../../src/simulator/event-source-mapping/settings.ts';
import { createLoop } from '../../../src/simulator/execution/virtual/loop.ts';
import { createHistory } from '../../../src/simulator/history/history.ts';
import { PROFILES } from '../../../src/simulator/model/fault-profiles.ts';
import type { HistoryFact } from '../../../src/simulator/model/history.ts';
import { deliverGiven, type GivenDeliveries } from '../../../src/simulator/run/deliver/recorded.ts';
import { run } from '../../../src/simulator/run/run.ts';
import { recordDeliveries } from '../../../src/simulator/search/deliveries.ts';
import { draw } from '../../../src/simulator/search/draw.ts';
import { givenBy, perform } from '../../../src/simulator/search/perform.ts';
import { winner } from '../../../src/simulator/workload/winner/winner.ts';
import { openMemory } from '../../../src/simulator/worlds/memory/open-memory-world.ts';

/** A drawn run's deliveries, and those of a run without faults that is given them. */
async function twice(seed: string) {
  const scenario = draw(seed, { workload: winner, faults: PROFILES.heavy });
  const first = recordDeliveries();
  await perform(scenario, { workload: winner, readers: [first.read] });
  const { source, pushes } = givenBy(scenario);
  const recorded = first.recorded(pushes);

  const second = recordDeliveries();
  const loop = createLoop(0);
  const options = {
    ...scenario.options,
    faultProfile: { name: 'none', ratios: {} },
    // All on one shard, so that any may be together in a batch.
    shards: 1,
  };
  const { tables } = winner;
  const result = await run({
    workload: winner,
    options,
    repeat: '',
    given: { source, pushes: recorded.pushes },
    deliveries: recorded.deliveries,
    now: loop.now,
    wallNow: loop.now,
    readers: [second.read],
    signal: new AbortController().signal,
    openWorld: (history, guard) => openMemory({ options, history, loop, tables, guard }),
  });
  return { recorded, again: second.recorded(recorded.pushes), result };
}

test.each(Array.from({ length: 25 }, (_, at) => `deliveries ${at}`))('%s', async (seed) => {
  const { recorded, again, result } = await twice(seed);
  expect(result.verdict).toBe('converged');
  // The second's numbers for records are the places of what it was given to put.
  const asPushed = ({ deliveries, pushes }: typeof recorded) =>
    deliveries.map(({ records, attempt, repeated }) => ({
      records: records.map((place) => pushes.at(place)),
      attempt,
      repeated,
    }));
  const given = asPushed(recorded);
  const byText = (all: readonly object[]) => all.map((each) => JSON.stringify(each)).toSorted();
  // All of them; what is left over then comes after.
  const delivered = asPushed(again);
  expect(byText(delivered.slice(0, given.length))).toEqual(byText(given));
});

test('together they retry, repeat, store twice, and overlap', async () => {
  const seen = { retried: 0, repeated: 0, storedTwice: 0, overlapping: 0 };
  for (let at = 0; at < 25; at++) {
    const { recorded } = await twice(`deliveries ${at}`);
    const { deliveries, pushes } = recorded;
    const scenario = draw(`deliveries ${at}`, { workload: winner, faults: PROFILES.heavy });
    if (deliveries.some(({ attempt, repeated }) => attempt > 1 && !repeated)) seen.retried++;
    if (deliveries.some(({ repeated }) => repeated)) seen.repeated++;
    if (pushes.length > scenario.pushes.length) seen.storedTwice++;
    if (deliveries.some(({ after }, place) => after.length < place)) seen.overlapping++;
  }
  for (const times of Object.values(seen)) expect(times).toBeGreaterThan(0);
});

const SHARD = 'shardId-000000000000';

/** A function that answers when it is told to, and a stream that has these records. */
function stage(records: number) {
  const waiting: { readonly numbers: string; answer(value: unknown): void }[] = [];
  const facts: HistoryFact[] = [];
  const history = createHistory(
    () => 0,
    [
      ({ atMs: _, ...fact }) => {
        facts.push(fact as HistoryFact);
      },
    ],
  );
  const all = Array.from({ length: records }, (_, at) => ({
    shardId: SHARD,
    sequenceNumber: String(at + 1),
    partitionKey: 'k',
    data: new Uint8Array(),
    arrivedAtMs: 0,
  }));
  const begin = (deliveries: GivenDeliveries, readable = records) => {
    const settings = eventSourceMapping({ batchSize: 2 });
    const driver = deliverGiven({ deliveries, pushes: records, settings });
    for (const [push, { shardId, sequenceNumber }] of all.entries()) {
      driver.read({
        type: 'record-pushed',
        atMs: 0,
        push,
        event: push,
        copy: 0,
        shardId,
        sequenceNumber,
      });
    }
    let isRead = false;
    return driver.start(
      {
        now: () => 0,
        at: () => () => {},
        discover: async () => [{ shardId: SHARD, parents: [] }],
        async poll() {
          const some = isRead ? [] : all.slice(0, readable);
          isRead = true;
          return { type: 'polled', records: some, millisBehindLatest: 0, endOfShard: false };
        },
        invoke: (command, assigned) =>
          new Promise((resolve) => {
            assigned('worker');
            const numbers = command.records.map(({ sequenceNumber }) => sequenceNumber).join();
            waiting.push({ numbers, answer: (value) => resolve({ kind: 'returned', value }) });
          }),
        discard: async () => {},
      },
      history,
    );
  };
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const atWork = async () => {
    await turn();
    return waiting.map(({ numbers }) => numbers);
  };
  const answer = async (numbers: string, value: unknown = null) => {
    await turn();
    const at = waiting.findIndex((each) => each.numbers === numbers);
    waiting.splice(at, 1)[0]?.answer(value);
  };
  return { begin, atWork, answer, facts };
}

test('one begins when those before it are over, and no sooner', async () => {
  const { begin, atWork, answer, facts } = stage(3);
  const delivery = begin([
    { records: [0], attempt: 1, repeated: false, after: [] },
    { records: [1, 2], attempt: 1, repeated: false, after: [] },
    { records: [0], attempt: 2, repeated: true, after: [0] },
  ]);
  expect(await atWork()).toEqual(['1', '2,3']);
  await answer('1');
  expect(await atWork()).toEqual(['2,3', '1']);
  await answer('1');
  await answer('2,3');
  await delivery.drained(0);
  expect(facts.filter(({ type }) => type === 'invoked')).toMatchObject([
    { attempt: 1, repeated: false },
    { attempt: 1, repeated: false },
    { attempt: 2, repeated: true },
  ]);
});

test('what is left over is delivered until nothing is', async () => {
  const { begin, atWork, answer } = stage(3);
  const delivery = begin([{ records: [0, 1], attempt: 1, repeated: false, after: [] }]);
  await answer('1,2', { batchItemFailures: [{ itemIdentifier: '2' }] });
  // The second, which failed, and the third, which never was in a batch.
  expect(await atWork()).toEqual(['2,3']);
  await answer('2,3', { batchItemFailures: [{ itemIdentifier: '3' }] });
  await answer('3');
  await delivery.drained(0);
  expect(await atWork()).toEqual([]);
});

test('a record that can’t be read is no delivery', async () => {
  const { begin } = stage(3);
  await expect(begin([], 2).drained(0)).rejects.toThrow(/of 3 records .* 2 could be read/);
});

test('after it was stopped nothing more begins', async () => {
  const { begin, atWork, answer } = stage(2);
  const delivery = begin([
    { records: [0], attempt: 1, repeated: false, after: [] },
    { records: [1], attempt: 1, repeated: false, after: [0] },
  ]);
  expect(await atWork()).toEqual(['1']);
  const stopped = delivery.stop();
  await answer('1');
  await stopped;
  expect(await atWork()).toEqual([]);
});
