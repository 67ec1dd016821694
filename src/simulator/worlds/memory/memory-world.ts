/**
 * The deterministic world: a simulated Kinesis, a simulated DynamoDB, the function, and one virtual
 * clock. No sockets, no real time; every request and timer takes as long as the random source say, and so the
 * seed decides who goes next.
 */

import type { FunctionInStack } from '../../../stack/definitions.ts';
import type { Guard } from '../../check/invariants.ts';
import {
  createSimulatedDynamoDB,
  type SimulatedDynamoDB,
  type TableDefinition,
} from '../../dynamodb/engine/database.ts';
import { createFaults } from '../../dynamodb/faults/create-faults.ts';
import { withKills } from '../../dynamodb/faults/kills.ts';
import { createGateway, type Gateway } from '../../dynamodb/gateway/gateway.ts';
import type { DeliveryWorld } from '../../event-source-mapping/delivery-world.ts';
import { lambdaEvent } from '../../execution/lambda-event.ts';
import type { Environment } from '../../execution/virtual/environment.ts';
import {
  createCapacityMeter,
  forwardToDatabase,
} from '../../execution/virtual/forward-to-database.ts';
import {
  createFunction,
  type LoadedHandler,
  type SimulatedFunction,
} from '../../execution/virtual/function.ts';
import type { Loop } from '../../execution/virtual/loop.ts';
import {
  createGatewayPath,
  createRequestPath,
  type RequestPath,
} from '../../execution/virtual/request-path.ts';
import type { History } from '../../history/history.ts';
import { faultsOf } from '../../model/fault-profiles.ts';
import type { Random } from '../../model/random.ts';
import type { RunOptions } from '../../model/run-options.ts';
import { below, pick, seededRandom } from '../../random.ts';
import { type PushRecord, PutAnswerLost, type PutResult } from '../../stream/put-records.ts';
import { createSimulatedStream } from '../../stream/simulated-stream.ts';
import type { World } from '../world.ts';
import type { Circumstances } from './overrides.ts';
import { withWorldFaults } from './world-faults.ts';

export interface MemoryWorldParts {
  readonly options: RunOptions;
  readonly history: History;
  readonly loop: Loop;
  /** The stack's tables for this stage. */
  readonly tables: readonly TableDefinition[];
  readonly stage: string;
  /** What the stack gives to the handler. */
  readonly function: FunctionInStack;
  /** Sees every write, where the run is held to invariants. */
  readonly guard: Pick<Guard<never>, 'wrote' | 'committed'> | undefined;
  /** A cold start of the handler, whose requests take the request path. */
  load(
    environment: Environment,
    requestPath: RequestPath,
    random: Random,
  ): LoadedHandler | Promise<LoadedHandler>;
  readonly notes: Iterable<string>;
  readonly output: readonly string[];
  hasEscaped?(): boolean;
  readonly circumstances?: Circumstances | undefined;
  close?(): void;
}

const STREAM_ARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/memory-RetailStream';
const ROLE_ARN = 'arn:aws:iam::000000000000:role/winner-view';
const DAY_MS = 24 * 3600 * 1000;

export function openMemoryWorld(parts: MemoryWorldParts): World {
  const { options, history, loop, stage, guard } = parts;
  const { seed } = options;
  const { circumstances = {} } = parts;
  const ratios = faultsOf(options);
  const chance = (label: string): Random => seededRandom(seed, `memory ${label}`);
  const happened = (fault: string): void => history.record({ type: 'fault-happened', fault });
  let occurrences = 0;
  const mayHappen = (fault: string): boolean =>
    circumstances.mayHappen?.(occurrences++, fault) ?? true;
  let faultsAreOn = true;
  let stored = 0;
  const mayHit = (name: keyof typeof ratios, random: Random): boolean => {
    const ratio = faultsAreOn ? (ratios[name] ?? 0) : 0;
    if (ratio > 0) circumstances.occasion?.(name);
    return ratio > 0 && random() < ratio && mayHappen(name);
  };
  /** Of a fault that happens by being decided upon. */
  const hits = (name: keyof typeof ratios, random: Random): boolean => {
    if (!mayHit(name, random)) return false;
    happened(name);
    return true;
  };

  const reads = chance('reads');
  const meter = createCapacityMeter();
  const database = createSimulatedDynamoDB({
    tables: parts.tables,
    now: loop.now,
    onConsumed: meter.consumed,
    ...(ratios['stale-read'] === undefined
      ? {}
      : { staleness: () => (hits('stale-read', reads) ? below(reads, STALENESS_MS_MAX) : 0) }),
    stalenessMsMax: STALENESS_MS_MAX,
    limits: circumstances.databaseLimits ?? {},
    ...(guard === undefined && circumstances.wrote === undefined
      ? {}
      : {
          onWritten: (table, before, after) => {
            const written = [
              table.slice(stage.length + 1),
              before && database.plain(before),
              after && database.plain(after),
            ] as const;
            circumstances.wrote?.(...written);
            guard?.wrote(...written);
          },
        }),
  });

  const stream = createSimulatedStream({
    shards: options.shards,
    retentionMs: DAY_MS,
    recordsPerSecond: 1_000,
    bytesPerSecond: 1024 * 1024,
  });

  const faulty = createGateway({
    history,
    forward: forwardToDatabase(database, meter, () => guard?.committed()),
    faults: withWorldFaults({
      others: createFaults(ratios, chance('faults'), loop.pause, circumstances.occasion),
      ratios,
      random: chance('world faults'),
      pause: loop.pause,
      areOn: () => faultsAreOn,
      mayHappen,
      kill: (worker, invocation) => lambda.kill(worker, invocation),
    }),
  });
  const gateway =
    options.kill === 0
      ? faulty
      : withKills(faulty, {
          kills: options.kill,
          batches: batchesExpected(options),
          random: chance('kills'),
          history,
          kill: (worker, invocation) => lambda.kill(worker, invocation),
        });
  const requestPath = createRequestPath(
    createGatewayPath({
      gateway:
        circumstances.requested === undefined ? gateway : watched(gateway, circumstances.requested),
      loop,
      random: chance('travel'),
      invocationOf: (worker) => lambda.invocationOf(worker),
    }),
  );
  const handlers = chance('handlers');
  const lambda: SimulatedFunction = createFunction({
    loop,
    random: chance('function'),
    history,
    timeoutMs: circumstances.timeoutMs ?? parts.function.timeoutMs,
    memoryMb: parts.function.memoryMb,
    load: (environment) => parts.load(environment, requestPath, handlers),
    hits: mayHit,
    happened,
  });

  const delivery = createDeliveryWorld();
  const puts = chance('puts');

  return {
    put,
    putAttemptsMax: PUT_ATTEMPTS_MAX,
    pause: loop.pause,
    delivery,
    ...(circumstances.mapping === undefined ? {} : { pace: circumstances.mapping }),
    deliversWhilePushing: true,
    calm: {
      afterMs: () => CALM_AFTER_MS + stored * RECORD_FAULTY_MS,
      boundMs: () => CONVERGED_WITHIN_MS + stored * RECORD_MS_MAX,
      begin() {
        faultsAreOn = false;
      },
    },
    scan: (table) => landedRows(loop, database, `${stage}-${table}`),
    find(table, key) {
      return database.peek(`${stage}-${table}`, key);
    },
    notes: parts.notes,
    output: parts.output,
    hasEscaped: () => parts.hasEscaped?.() ?? false,
    async close() {
      loop.stop();
      parts.close?.();
    },
  };

  async function put(records: readonly PushRecord[]): Promise<PutResult[]> {
    await loop.pause(2 + puts() * 10);
    if (hits('reshard', puts)) reshard();
    const taken: PushRecord[] = [];
    const isTaken = records.map((record) => {
      if (hits('put-refused', puts)) return false;
      taken.push(record);
      return true;
    });
    const accepted = stream.put(taken, loop.now());
    stored += taken.length;
    const results = isTaken.map((was) =>
      was ? (accepted.shift() as PutResult) : { error: 'InternalFailure' },
    );
    await loop.pause(2 + puts() * 10);
    if (hits('put-answer-lost', puts)) throw new PutAnswerLost(results);
    return results;
  }

  function reshard(): void {
    const shardId = pick(puts, stream.openShards());
    if (puts() < 0.5 && stream.merge(shardId)) return;
    stream.split(shardId);
  }

  function createDeliveryWorld(): DeliveryWorld {
    const random = chance('stream reads');
    return {
      now: loop.now,
      at: loop.at,
      async discover() {
        await loop.pause(1 + random() * 5);
        return stream.shards();
      },
      async poll({ shardId, from, limit }) {
        await loop.pause(1 + random() * 10);
        if (hits('expired-iterator', random)) return { type: 'poll-failed' };
        const { records, endOfShard } = stream.read(shardId, from, limit, loop.now());
        return {
          type: 'polled',
          records,
          millisBehindLatest: 0,
          endOfShard,
        };
      },
      invoke({ invocationId, records }, assigned) {
        const event = lambdaEvent(records, { streamArn: STREAM_ARN, roleArn: ROLE_ARN });
        return lambda.invoke(event, invocationId, assigned);
      },
      async discard() {},
      checkpointed: (shardId, sequenceNumber) => stream.forget(shardId, sequenceNumber),
    };
  }
}

/** What is under way to a table, however late, belongs to it. */
async function* landedRows(loop: Loop, database: SimulatedDynamoDB, table: string) {
  await loop.pause(LANDED_MS);
  yield* database.rows(table);
}

/** Of events, their copies (two on average), and what is malformed. */
function batchesExpected({ count, duplicate, garbage, batchSize }: RunOptions): number {
  return (count * (1 + 2 * duplicate + garbage)) / batchSize;
}

function watched(gateway: Gateway, told: NonNullable<Circumstances['requested']>): Gateway {
  return {
    idle: () => gateway.idle(),
    handle(request) {
      told(request);
      return gateway.handle(request);
    },
  };
}

/** Of a million runs, each with two records in five refused, not one gives up. */
const PUT_ATTEMPTS_MAX = 50;
const STALENESS_MS_MAX = 2_000;
/** So long after the last put faults go on, and so much longer for each record. */
const CALM_AFTER_MS = 5 * 60 * 1000;
const RECORD_FAULTY_MS = 3;
/** Far more than the longest back-off of the mapping and of the handler together, and than a record takes. */
const CONVERGED_WITHIN_MS = 10 * 60 * 1000;
const RECORD_MS_MAX = 50;
/** No request is under way for as long as this. */
const LANDED_MS = 10_000;
