/** The stream of the memory world, with its faults: how records are put, and read for delivery. */

import type { DeliveryWorld } from '../../event-source-mapping/delivery-world.ts';
import { lambdaEvent, ROLE_ARN } from '../../execution/lambda-event.ts';
import type { SimulatedFunction } from '../../execution/virtual/function.ts';
import type { Loop } from '../../execution/virtual/loop.ts';
import type { Random } from '../../model/random.ts';
import { pick } from '../../random.ts';
import {
  type PushRecord,
  PutAnswerLost,
  type PutRecords,
  type PutResult,
} from '../../stream/put-records.ts';
import { createSimulatedStream } from '../../stream/simulated-stream.ts';
import type { WorldFaults } from './world-faults.ts';

export interface MemoryStreamParts {
  readonly shards: number;
  readonly loop: Loop;
  readonly faults: WorldFaults;
  readonly random: { readonly puts: Random; readonly reads: Random };
  readonly lambda: Pick<SimulatedFunction, 'invoke'>;
}

export interface MemoryStream {
  readonly put: PutRecords;
  /** Records that were put. */
  stored(): number;
  readonly delivery: DeliveryWorld;
}

export function createMemoryStream(parts: MemoryStreamParts): MemoryStream {
  const { loop, faults } = parts;
  const { puts, reads } = parts.random;
  const stream = createSimulatedStream({
    shards: parts.shards,
    retentionMs: DAY_MS,
    recordsPerSecond: 1_000,
    bytesPerSecond: 1024 * 1024,
  });
  let stored = 0;

  const reshard = (): void => {
    const shardId = pick(puts, stream.openShards());
    if (puts() < 0.5 && stream.merge(shardId)) return;
    stream.split(shardId);
  };

  return {
    stored: () => stored,
    async put(records) {
      await loop.pause(2 + puts() * 10);
      if (faults.happens('reshard', puts)) reshard();
      const taken: PushRecord[] = [];
      const isTaken = records.map((record) => {
        if (faults.happens('put-refused', puts)) return false;
        taken.push(record);
        return true;
      });
      const accepted = stream.put(taken, loop.now());
      stored += taken.length;
      const results = isTaken.map((was) =>
        was ? (accepted.shift() as PutResult) : { error: 'InternalFailure' },
      );
      await loop.pause(2 + puts() * 10);
      if (faults.happens('put-answer-lost', puts)) throw new PutAnswerLost(results);
      return results;
    },
    delivery: {
      now: loop.now,
      at: loop.at,
      async discover() {
        await loop.pause(1 + reads() * 5);
        return stream.shards();
      },
      async poll({ shardId, from, limit }) {
        await loop.pause(1 + reads() * 10);
        if (faults.happens('expired-iterator', reads)) return { type: 'poll-failed' };
        const { records, endOfShard } = stream.read(shardId, from, limit, loop.now());
        return { type: 'polled', records, millisBehindLatest: 0, endOfShard };
      },
      invoke({ invocationId, records }, assigned) {
        const event = lambdaEvent(records, { streamArn: STREAM_ARN, roleArn: ROLE_ARN });
        return parts.lambda.invoke(event, invocationId, assigned);
      },
      async discard() {},
      checkpointed: (shardId, sequenceNumber) => stream.forget(shardId, sequenceNumber),
    },
  };
}

const STREAM_ARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/memory-RetailStream';
const DAY_MS = 24 * 3600 * 1000;
