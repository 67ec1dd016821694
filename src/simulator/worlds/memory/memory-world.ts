/**
 * The memory world: a simulated Kinesis, a simulated DynamoDB and the function, on one virtual
 * clock, without sockets and real time. The seeded random source decides how long every request and
 * timer takes, and so in which order everything happens.
 */

import { createSimulatedDynamoDB, type SimulatedDynamoDB } from '../../dynamodb/engine/database.ts';
import type { TableDefinition } from '../../dynamodb/engine/schema.ts';
import { createFaults } from '../../dynamodb/faults/create-faults.ts';
import { withKills } from '../../dynamodb/faults/kills.ts';
import { createGateway, type Gateway } from '../../dynamodb/gateway/gateway.ts';
import type { Forward } from '../../dynamodb/gateway/request.ts';
import type { Environment } from '../../execution/virtual/environment.ts';
import {
  type CapacityMeter,
  createCapacityMeter,
  forwardToDatabase,
} from '../../execution/virtual/forward-to-database.ts';
import { createFunction, type SimulatedFunction } from '../../execution/virtual/function.ts';
import type { Loop } from '../../execution/virtual/loop.ts';
import { createRequestPath, type RequestPath } from '../../execution/virtual/request-path.ts';
import type { LoadedHandler } from '../../execution/virtual/simulated-worker.ts';
import type { History } from '../../history/history.ts';
import { faultsOf } from '../../model/fault-profiles.ts';
import type { Random } from '../../model/random.ts';
import type { RunOptions } from '../../model/run-options.ts';
import { below, seededRandom } from '../../random.ts';
import type { FunctionInStack } from '../../stack-template.ts';
import { batchesExpected } from '../batches-expected.ts';
import type { World, WriteObserver } from '../world.ts';
import { createMemoryStream } from './memory-stream.ts';
import type { Overrides } from './overrides.ts';
import { createRequestFaults, createWorldFaults, type WorldFaults } from './world-faults.ts';

export interface MemoryWorldParts {
  readonly options: RunOptions;
  readonly history: History;
  readonly loop: Loop;
  /** The stack's tables for this stage. */
  readonly tables: readonly TableDefinition[];
  readonly stage: string;
  /** The function's settings in the stack. */
  readonly function: FunctionInStack;
  readonly host: HandlerHost;
  readonly invariants: WriteObserver | undefined;
  readonly overrides: Overrides;
}

/** Loads the handler under test into environments. */
export interface HandlerHost {
  /** A cold start of the handler, whose requests take `requestPath`. */
  load(
    environment: Environment,
    requestPath: RequestPath,
    random: Random,
  ): LoadedHandler | Promise<LoadedHandler>;
  readonly notes: Iterable<string>;
  readonly output: readonly string[];
  /** Whether the handler did something that is not simulated. */
  hasEscaped?(): boolean;
  close?(): void;
}

export function createMemoryWorld(parts: MemoryWorldParts): World {
  const { options, history, loop, stage, host, overrides } = parts;
  const random: RandomOf = (label) => seededRandom(options.seed, `memory ${label}`);
  const faults = createWorldFaults(faultsOf(options), history, overrides);
  const meter = createCapacityMeter();
  const database = createDatabase(parts, { faults, meter, random: random('reads') });
  const gateway = createFaultyGateway(parts, {
    ...{ faults, random },
    forward: forwardToDatabase(database, meter, () => parts.invariants?.committed()),
    kill: (worker, invocation) => lambda.kill(worker, invocation),
  });
  const requestPath = createRequestPath({
    ...{ gateway, loop, random: random('travel') },
    invocationOf: (worker) => lambda.invocationOf(worker),
  });
  const handlers = random('handlers');
  const lambda: SimulatedFunction = createFunction({
    ...{ loop, history, random: random('function') },
    timeoutMs: overrides.timeoutMs ?? parts.function.timeoutMs,
    memoryMb: parts.function.memoryMb,
    load: (environment) => host.load(environment, requestPath, handlers),
    hits: faults.draws,
    happened: (fault) => history.append({ type: 'fault-happened', fault }),
  });
  const { put, stored, delivery } = createMemoryStream({
    ...{ shards: options.shards, loop, faults, lambda },
    random: { puts: random('puts'), reads: random('stream reads') },
  });

  return {
    put,
    putAttemptsMax: PUT_ATTEMPTS_MAX,
    pause: loop.pause,
    delivery,
    ...(overrides.mapping === undefined ? {} : { mapping: overrides.mapping }),
    deliversWhilePushing: true,
    quiescence: {
      afterMs: () => QUIESCENT_AFTER_MS + stored() * RECORD_FAULTY_MS,
      stopFaults: faults.stop,
      boundMs: () => CONVERGED_WITHIN_MS + stored() * RECORD_MS_MAX,
    },
    scan: (table) => landedRows(loop, database, `${stage}-${table}`),
    readRow: (table, key) => database.readRow(`${stage}-${table}`, key),
    notes: host.notes,
    output: host.output,
    isRepeatable: () => !host.hasEscaped?.(),
    async close() {
      loop.stop();
      host.close?.();
    },
  };
}

/** A random source of its own for each part, so that none depends on what another draws. */
type RandomOf = (label: string) => Random;

interface DatabaseParts {
  readonly faults: WorldFaults;
  readonly meter: CapacityMeter;
  readonly random: Random;
}

function createDatabase(
  { tables, stage, loop, invariants, overrides }: MemoryWorldParts,
  { faults, meter, random }: DatabaseParts,
): SimulatedDynamoDB {
  const { onWrite } = overrides;
  const isWatched = invariants !== undefined || onWrite !== undefined;
  const database = createSimulatedDynamoDB({
    tables,
    now: loop.now,
    onConsumed: meter.consumed,
    ...(faults.ratios['stale-read'] === undefined
      ? {}
      : {
          staleness: () =>
            faults.happens('stale-read', random) ? below(random, STALENESS_MS_MAX) : 0,
        }),
    stalenessMsMax: STALENESS_MS_MAX,
    limits: overrides.databaseLimits ?? {},
    ...(isWatched
      ? {
          onWritten: (table, before, after) => {
            const name = table.slice(stage.length + 1);
            const [was, is] = [
              before && database.toPlain(before),
              after && database.toPlain(after),
            ];
            onWrite?.(name, was, is);
            invariants?.wrote(name, was, is);
          },
        }
      : {}),
  });
  return database;
}

interface FaultyGatewayParts {
  readonly faults: WorldFaults;
  readonly random: RandomOf;
  readonly forward: Forward;
  kill(worker: string, invocation: number): boolean;
}

/** The gateway with faults and kills, observed by the search. */
function createFaultyGateway(
  { options, history, loop, overrides }: MemoryWorldParts,
  { faults, random, forward, kill }: FaultyGatewayParts,
): Gateway {
  const { onFaultEligible, onRequest } = overrides;
  const others = createFaults(faults.ratios, random('faults'), loop.pause, onFaultEligible);
  const requestFaults = createRequestFaults({
    ...{ faults, others, kill },
    random: random('world faults'),
    pause: loop.pause,
  });
  const faulty = createGateway({ history, forward, faults: requestFaults });
  const gateway =
    options.kill === 0
      ? faulty
      : withKills(faulty, {
          kills: options.kill,
          batches: batchesExpected(options),
          random: random('kills'),
          history,
          kill,
        });
  if (onRequest === undefined) return gateway;
  return {
    idle: () => gateway.idle(),
    handle(request) {
      onRequest(request);
      return gateway.handle(request);
    },
  };
}

/** Waits for requests that are under way: their writes belong to the table. */
async function* landedRows(loop: Loop, database: SimulatedDynamoDB, table: string) {
  await loop.pause(LANDED_MS);
  yield* database.readRows(table);
}

/** In a million runs, each with two of five records refused, no record needed as many. */
const PUT_ATTEMPTS_MAX = 50;
const STALENESS_MS_MAX = 2_000;
/** How long faults go on after the last put, and how much longer for each record. */
const QUIESCENT_AFTER_MS = 5 * 60 * 1000;
const RECORD_FAULTY_MS = 3;
/**
 * Far more than the longest back-off of the mapping and of the handler together, and than a record
 * takes.
 */
const CONVERGED_WITHIN_MS = 10 * 60 * 1000;
const RECORD_MS_MAX = 50;
/** No request is under way for as long as this. */
const LANDED_MS = 10_000;
