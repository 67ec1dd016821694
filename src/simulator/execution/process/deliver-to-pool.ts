/** The world of a local event source mapping: a Kinesis API's shards and a pool of workers. */
import type { KinesisClient } from '@aws-sdk/client-kinesis';
import type { DeliveryWorld } from '../../event-source-mapping/delivery-world.ts';
import { listShards } from '../../stream/kinesis-stream.ts';
import { readShard, type ShardReader } from '../../stream/read-shard.ts';
import { lambdaEvent, ROLE_ARN } from '../lambda-event.ts';
import type { Pool } from './pool.ts';

export interface DeliverToPoolParts {
  readonly kinesis: KinesisClient;
  /** The stream's name. */
  readonly stream: string;
  readonly streamArn: string;
  readonly pool: Pool;
  /** The function's time-out. */
  readonly timeoutMs: number;
  /** Rejects when a server that the handler needs has ended. */
  readonly lost: Promise<never>;
}

export function deliverToPool(parts: DeliverToPoolParts): DeliveryWorld {
  const { kinesis, stream, streamArn, pool, timeoutMs, lost } = parts;
  const readers = new Map<string, ShardReader>();
  return {
    now: Date.now,
    at(atMs, callback) {
      const timer = setTimeout(callback, Math.max(0, atMs - Date.now()));
      return () => clearTimeout(timer);
    },
    discover: () => listShards(kinesis, stream),
    async poll({ shardId, from, fresh, limit }) {
      let reader = readers.get(shardId);
      if (reader === undefined || fresh) {
        reader = readShard(kinesis, stream, shardId, from);
        readers.set(shardId, reader);
      }
      const { records, millisBehindLatest, isEnd } = await reader.next(limit);
      return { type: 'polled', records, millisBehindLatest, endOfShard: isEnd };
    },
    invoke({ invocationId, records }, assigned) {
      const event = lambdaEvent(records, { streamArn, roleArn: ROLE_ARN });
      const result = pool
        .invoke(event, {
          invocation: invocationId,
          timeoutMs,
          onAssigned: assigned,
        })
        .then((outcome) =>
          outcome.kind === 'threw' || outcome.kind === 'crashed'
            ? { kind: outcome.kind, error: `${outcome.error.name}: ${outcome.error.message}` }
            : outcome,
        );
      return Promise.race([result, lost]);
    },
    async discard() {},
  };
}
