/** A load run on this machine: the local world, delivering while records are put. */
import type { RunOptions } from '../../src/simulator/model/run-options.ts';
import { deliverByMapping } from '../../src/simulator/run/deliver/mapping.ts';
import { winner } from '../../src/simulator/workload/winner/winner.ts';
import { openWorld } from '../../src/simulator/worlds/open-world.ts';
import { createHandlerCounters } from '../measure/handler-counters.ts';
import { createPassages } from '../measure/passages.ts';
import type { LoadWorld } from './load-world.ts';
import { createRecordsRead } from './records-read.ts';
import { scoreReader } from './score-reader.ts';

/** Between two reads of a probe's score, which take a millisecond here. */
const PROBE_POLL_MS = 20;

export interface LocalLoadWorldParts {
  readonly options: RunOptions;
  readonly environment: NodeJS.ProcessEnv;
  /** Since the epoch. */
  nowMs(): number;
  /** Of this process. */
  readonly pid: number;
  /** A name that keeps the run's stream and tables apart from others. */
  stage(): string;
}

export function createLocalLoadWorld(parts: LocalLoadWorldParts): LoadWorld {
  const { options, nowMs, pid } = parts;
  const passages = createPassages(nowMs);
  const handler = createHandlerCounters(nowMs);
  const recordsRead = createRecordsRead(passages.arrived);
  return {
    recordsRead,
    handler,
    readers: [passages.read, handler.read],
    recordsDone: () => recordsRead.keys.size - passages.waiting(),
    passages: passages.all,
    deliver: deliverByMapping,
    async open(history) {
      const world = await openWorld('local', options, {
        ...{ workload: winner, now: nowMs, stage: parts.stage() },
        deliversWhilePushing: true,
      }).open(history);
      const { stream, kinesisEndpoint, dynamoDb, tableName, servers } = world.addresses;
      const lanes = options.shards * options.parallelizationFactor;
      return {
        world: { ...world, delivery: recordsRead.reading(world.delivery, history) },
        stream,
        producers: { endpoint: kinesisEndpoint },
        probes: {
          scoreOf: scoreReader(dynamoDb, tableName('Scores')),
          mark: '',
          pollMs: PROBE_POLL_MS,
        },
        measured: {
          processes: [...servers, { name: 'delivery and gateway', pid }],
          lanes: { count: lanes, invokedMs: handler.invokedMs },
        },
      };
    },
  };
}
