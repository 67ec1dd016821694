/** One run's deliveries are repeated in another: the same records together, as often, in the same order. */
import { expect, test } from '@jest/globals';
import { PROFILES } from '../../../src/simulator/model/fault-profiles.ts';
import { deliverRecorded } from '../../../src/simulator/run/deliver/recorded.ts';
import { run } from '../../../src/simulator/run/run.ts';
import { recordDeliveries } from '../../../src/simulator/search/deliveries.ts';
import { draw } from '../../../src/simulator/search/draw.ts';
import { inputOf, runScenario } from '../../../src/simulator/search/run-scenario.ts';
import { winner } from '../../../src/simulator/workload/winner/winner.ts';
import { openWorld } from '../../../src/simulator/worlds/open-world.ts';

/** The deliveries of a drawn run, and those of a run without faults that repeats them. */
async function twice(seed: string) {
  const scenario = draw(seed, { workload: winner, faults: PROFILES.heavy });
  const first = recordDeliveries();
  await runScenario(scenario, { workload: winner, readers: [first.read] });
  const { source, pushes } = inputOf(scenario);
  const recorded = first.recorded(pushes);

  const second = recordDeliveries();
  const options = {
    ...scenario.options,
    faultProfile: { name: 'none', ratios: {} },
    // All on one shard, so that any may be together in a batch.
    shards: 1,
  };
  const result = await run({
    workload: winner,
    options,
    world: openWorld('memory', options, { workload: winner }),
    deliver: deliverRecorded(recorded.batches),
    input: { source, pushes: recorded.pushes },
    readers: [second.read],
  });
  return { recorded, again: second.recorded(recorded.pushes), result };
}

test.each(Array.from({ length: 25 }, (_, at) => `deliveries ${at}`))('%s', async (seed) => {
  const { recorded, again, result } = await twice(seed);
  expect(result.verdict).toBe('converged');
  // Places among the pushes of the second run, which are the recorded ones.
  const asPushed = ({ batches, pushes }: typeof recorded) =>
    batches.map(({ records, attempt, repeated }) => ({
      records: records.map((place) => pushes.at(place)),
      attempt,
      repeated,
    }));
  const wanted = asPushed(recorded);
  const byText = (all: readonly object[]) => all.map((each) => JSON.stringify(each)).toSorted();
  // All of them come first, and then the records that are left over.
  const delivered = asPushed(again);
  expect(byText(delivered.slice(0, wanted.length))).toEqual(byText(wanted));
});

test('together they retry, repeat, store twice, and overlap', async () => {
  const seen = { retried: 0, repeated: 0, storedTwice: 0, overlapping: 0 };
  for (let at = 0; at < 25; at++) {
    const { recorded } = await twice(`deliveries ${at}`);
    const { batches, pushes } = recorded;
    const scenario = draw(`deliveries ${at}`, { workload: winner, faults: PROFILES.heavy });
    if (batches.some(({ attempt, repeated }) => attempt > 1 && !repeated)) seen.retried++;
    if (batches.some(({ repeated }) => repeated)) seen.repeated++;
    if (pushes.length > scenario.pushes.length) seen.storedTwice++;
    if (batches.some(({ after }, place) => after.length < place)) seen.overlapping++;
  }
  for (const times of Object.values(seen)) expect(times).toBeGreaterThan(0);
});
