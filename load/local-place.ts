/** A load run on this machine: the local world with its delivery on, whose every step is seen. */

import { winner } from '../src/simulator/workload/winner/winner.ts';
import { type LocalWorld, openLocalWorld } from '../src/simulator/worlds/local.ts';
import type { LoadOptions } from './command.ts';
import { createEffort } from './effort.ts';
import type { LoadWiring } from './load.ts';
import { createObserved } from './observe.ts';
import { createPassages } from './passages.ts';
import type { Place } from './place.ts';
import { scoresIn } from './probes.ts';

/** Probes are looked at as often as that: a look costs a millisecond here. */
const LOOK_MS = 20;

export function createLocalPlace({ run }: LoadOptions, wiring: LoadWiring): Place {
  const { nowMs, environment, pid } = wiring;
  const passages = createPassages(nowMs);
  const effort = createEffort(nowMs);
  const observed = createObserved(passages.arrived);
  return {
    observed,
    effort,
    readers: [passages.read, effort.read],
    done: () => observed.records.size - passages.waiting(),
    passages: passages.all,
    async open(history) {
      const world: LocalWorld = await openLocalWorld({
        options: run,
        tables: winner.tables,
        history,
        environment,
        stage: wiring.stage(),
        deliversWhilePushing: true,
      });
      const { stream, kinesisEndpoint, dynamoDb, tableName, servers } = world.addresses;
      const lanes = run.shards * run.parallelizationFactor;
      return {
        world: { ...world, delivery: observed.watch(world.delivery, history) },
        stream,
        producers: { endpoint: kinesisEndpoint },
        probes: { scoreOf: scoresIn(dynamoDb, tableName('Scores')), mark: '', lookMs: LOOK_MS },
        watched: {
          processes: [...servers, { name: 'delivery and gateway', pid }],
          lanes: { count: lanes, invokedMs: effort.invokedMs },
        },
      };
    },
  };
}
