/**
 * A load run on a deployed stack. A consumer of our own reads the stream; sentinels and probes tell what the
 * view has applied. The function itself can't be observed.
 */

import { openStack } from '../../src/ops/stack/open-stack.ts';
import type { History } from '../../src/simulator/history/history.ts';
import type { RunOptions } from '../../src/simulator/model/run-options.ts';
import { recordKey, type StreamRecord } from '../../src/simulator/model/stream-record.ts';
import { deliverRemotely } from '../../src/simulator/run/deliver/remote.ts';
import { winner } from '../../src/simulator/workload/winner/winner.ts';
import type { AwsWorld } from '../../src/simulator/worlds/aws.ts';
import { openWorld } from '../../src/simulator/worlds/open-world.ts';
import { marksOf } from '../../src/simulator/worlds/own-rows.ts';
import type { RemoteDelivery } from '../../src/simulator/worlds/world.ts';
import { type Arrival, passagesFromProbes } from '../measure/passages-from-probes.ts';
import { probeMark } from '../measure/probes.ts';
import type { LoadWorld, OpenLoadWorld } from './load-world.ts';
import { createRecordsRead } from './records-read.ts';
import { scoreReader } from './score-reader.ts';
import { readFromTips, type StreamReader } from './stream-reader.ts';

/** Of the tables, and of the stream, which Lambda reads as well. */
const POLL_MS = 1_000;
/** Of a probe's score; each read costs a read unit. */
const PROBE_POLL_MS = 100;

export interface AwsLoadWorldParts {
  readonly options: RunOptions;
  readonly environment: NodeJS.ProcessEnv;
  /** Since the epoch. */
  nowMs(): number;
}

export function createAwsLoadWorld({ options, environment, nowMs }: AwsLoadWorldParts): LoadWorld {
  const marks = marksOf(options.prefix);
  const arrivals: Arrival[] = [];
  const probesArrivedMs = new Map<string, number>();
  const sentinelsRead = new Set<string>();
  const recordsRead = createRecordsRead((record) => {
    const { shardId, arrivedAtMs, partitionKey } = record;
    arrivals.push({ shardId, arrivedAtMs });
    if (partitionKey.startsWith(probeMark(marks.rows))) {
      probesArrivedMs.set(recordKey(record), arrivedAtMs);
    }
  });

  const onRecord = (record: StreamRecord, history: History): void => {
    const { partitionKey } = record;
    if (partitionKey.startsWith(marks.sentinels)) sentinelsRead.add(partitionKey);
    // Other producers may put to the same stream.
    if (partitionKey.startsWith(marks.rows)) recordsRead.add(record, history);
  };

  return {
    recordsRead,
    readers: [],
    handler: undefined,
    passages: (probes) =>
      passagesFromProbes(
        probes.flatMap(({ at, lagMs }) => {
          const arrivedAtMs = probesArrivedMs.get(recordKey(at));
          return arrivedAtMs === undefined ? [] : [{ shardId: at.shardId, arrivedAtMs, lagMs }];
        }),
        arrivals,
      ),
    deliver: deliverRemotely,
    async open(history) {
      const world = await openWorld('aws', options, {
        ...{ workload: winner, now: nowMs, pollMs: POLL_MS },
        openStack: () => openStack(options.stage ?? '', environment),
      }).open(history);
      try {
        const reader = await readFromTips({
          ...world.addresses,
          pollMs: POLL_MS,
          pause: world.pause,
          onRecord: (record) => onRecord(record, history),
        });
        return openedWith({ world, reader, mark: marks.rows, sentinelsRead });
      } catch (error) {
        await world.close();
        throw error;
      }
    },
  };
}

interface OpenParts {
  readonly world: AwsWorld;
  readonly reader: StreamReader;
  /** Prefix of the run's rows. */
  readonly mark: string;
  readonly sentinelsRead: ReadonlySet<string>;
}

function openedWith({ world, reader, mark, sentinelsRead }: OpenParts): OpenLoadWorld {
  const { stream, dynamoDb, tableName } = world.addresses;
  const { openShards, failed } = reader;
  return {
    world: {
      ...world,
      remote: withReader(world.remote, failed, sentinelsRead),
      close() {
        reader.stop();
        return world.close();
      },
    },
    stream,
    producers: { mark },
    probes: {
      scoreOf: scoreReader(dynamoDb, tableName('Scores')),
      mark,
      pollMs: PROBE_POLL_MS,
      hashKeyOf: (probe) => openShards[probe % openShards.length]?.hashKeys.first ?? '0',
    },
    measured: { processes: [] },
    failed,
  };
}

/** A sentinel counts when the reader has read it too: then it has read all records before it. */
function withReader(
  remote: RemoteDelivery,
  failed: AbortSignal,
  sentinelsRead: ReadonlySet<string>,
): RemoteDelivery {
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
