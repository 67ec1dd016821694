/**
 * A load run on a deployed stack. What lies on the stream is read by a consumer of our own, and that the view is
 * through with it is told by sentinels and probes; what the function does on the way can't be seen.
 */
import type { History } from '../src/simulator/history/history.ts';
import { recordKey, type StreamRecord } from '../src/simulator/model/stream-record.ts';
import type { SharedTables } from '../src/simulator/model/workload.ts';
import type { WinnerEvent } from '../src/simulator/workload/winner/event.ts';
import { winner } from '../src/simulator/workload/winner/winner.ts';
import { type AwsWorld, openAwsWorld } from '../src/simulator/worlds/aws.ts';
import { marksOf } from '../src/simulator/worlds/own-rows.ts';
import type { RemoteDelivery } from '../src/simulator/worlds/world.ts';
import type { LoadOptions } from './command.ts';
import type { LoadWiring } from './load.ts';
import { createObserved } from './observe.ts';
import type { Place, Site } from './place.ts';
import { probeMark, scoresIn } from './probes.ts';
import { readFromTips, type StreamReader } from './stream-reader.ts';
import { type Arrival, passagesToldBy } from './told-by-probes.ts';

/** Of the tables and of the stream, of which Lambda is another reader. */
const POLL_MS = 1_000;
/** Of Scores. Each costs a read unit. */
const LOOK_MS = 100;

export function createAwsPlace({ run }: LoadOptions, { environment }: LoadWiring): Place {
  const marks = marksOf(run.prefix);
  const arrivals: Arrival[] = [];
  const probesArrived = new Map<string, number>();
  const sentinelsRead = new Set<string>();
  const observed = createObserved((record) => {
    const { shardId, arrivedAtMs, partitionKey } = record;
    arrivals.push({ shardId, arrivedAtMs });
    if (partitionKey.startsWith(probeMark(marks.rows))) {
      probesArrived.set(recordKey(record), arrivedAtMs);
    }
  });

  const read = (record: StreamRecord, history: History): void => {
    const { partitionKey } = record;
    if (partitionKey.startsWith(marks.sentinels)) sentinelsRead.add(partitionKey);
    // Others may put here as well.
    if (partitionKey.startsWith(marks.rows)) observed.see(record, history);
  };

  return {
    observed,
    readers: [],
    effort: undefined,
    passages: (probes) =>
      passagesToldBy(
        probes.flatMap(({ at, lagMs }) => {
          const arrivedAtMs = probesArrived.get(recordKey(at));
          return arrivedAtMs === undefined ? [] : [{ shardId: at.shardId, arrivedAtMs, lagMs }];
        }),
        arrivals,
      ),
    async open(history) {
      const world = await openAwsWorld({
        options: run,
        tables: winner.tables,
        shared: winner.shared as SharedTables<WinnerEvent>,
        environment,
        pollMs: POLL_MS,
      });
      const { pause, addresses } = world;
      try {
        const reader = await readFromTips({
          ...addresses,
          pollMs: POLL_MS,
          pause,
          onRecord: (record) => read(record, history),
        });
        return siteOf(world, reader);
      } catch (error) {
        await world.close();
        throw error;
      }
    },
  };

  function siteOf(world: AwsWorld, reader: StreamReader): Site {
    const { stream, dynamoDb, tableName } = world.addresses;
    const { openShards, failed } = reader;
    return {
      world: {
        ...world,
        remote: withReader(world.remote, reader),
        close() {
          reader.stop();
          return world.close();
        },
      },
      stream,
      producers: { mark: marks.rows },
      probes: {
        scoreOf: scoresIn(dynamoDb, tableName('Scores')),
        mark: marks.rows,
        lookMs: LOOK_MS,
        hashKeyOf: (probe) => openShards[probe % openShards.length]?.hashKeys.first ?? '0',
      },
      watched: { processes: [] },
      failed,
    };
  }

  /** A sentinel has come when it was read here as well: then so was all that lies before it in its shard. */
  function withReader(remote: RemoteDelivery, { failed }: StreamReader): RemoteDelivery {
    return {
      ...remote,
      async putSentinels(round) {
        const sentinels = await remote.putSentinels(round);
        return sentinels.map((sentinel) => ({
          ...sentinel,
          async isApplied() {
            failed.throwIfAborted();
            return sentinelsRead.has(sentinel.name) && (await sentinel.isApplied());
          },
        }));
      },
    };
  }
}
