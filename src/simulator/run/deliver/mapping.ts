/** The delivery stage: until all is delivered, or there is a reason why it never will be. */

import { type Delivery, startDelivery } from '../../event-source-mapping/driver.ts';
import {
  type EventSourceMapping,
  eventSourceMapping,
} from '../../event-source-mapping/settings.ts';
import type { History, HistoryReader } from '../../history/history.ts';
import { faultsOf } from '../../model/fault-profiles.ts';
import type { HistoryRecord } from '../../model/history.ts';
import type { RunOptions } from '../../model/run-options.ts';
import { seededRandom } from '../../random.ts';
import type { World } from '../../worlds/world.ts';

export function deliver(options: RunOptions, world: World, history: History): Delivery {
  return startDelivery({
    settings: mappingOf(options, world),
    world: world.delivery,
    history,
    random: seededRandom(options.seed, 'delivery'),
  });
}

export function mappingOf(options: RunOptions, world: World): EventSourceMapping {
  const faults = faultsOf(options);
  return eventSourceMapping({
    batchSize: options.batchSize,
    batchWindowMs: Math.round(options.batchWindow * 1000),
    parallelizationFactor: options.parallelizationFactor,
    retryAttemptsMax: options.retryAttempts,
    bisectOnFailure: options.bisect,
    repeatDeliveryRatio: faults['repeat-delivery'] ?? 0,
    rebatchOnRetryRatio: faults.rebatch ?? 0,
    ...(options.handler === undefined ? {} : { unknownResponse: 'succeeds' }),
    ...world.pace,
  });
}

/** Resolves when everything is delivered, or with the reason why it never will be. */
export async function drainOrStall(
  delivery: Delivery,
  world: World,
  { stalled, endless }: Pick<StallReader, 'stalled' | 'endless'>,
): Promise<string | undefined> {
  const drained = delivery.drained(world.delivery.now()).then(() => undefined);
  const { calm } = world;
  const given = calm === undefined ? stalled : late(world, calm);
  const reason = await Promise.race([drained, given, endless]);
  const stopped = delivery.stop();
  // What will never end is not waited for; the world ends it.
  if (reason === undefined) await stopped;
  else stopped.catch(() => {});
  return reason;
}

/** Liveness: once faults have stopped, everything must be delivered within a bound. */
async function late(world: World, calm: NonNullable<World['calm']>): Promise<string> {
  await world.pause(calm.afterMs());
  calm.begin();
  const boundMs = calm.boundMs();
  await world.pause(boundMs);
  return `not everything was delivered within ${Math.round(boundMs / 1000)} s after the last fault`;
}

/** So many failures of one batch in a row, and nobody expects it to succeed any more. */
const ATTEMPTS_MAX = 40;
/** A minute each; one more than it takes to halve a batch of 100 down to a single record. */
const TIMEOUTS_MAX = 8;
const ERROR_CHARS_MAX = 500;

export interface StallReader {
  readonly read: HistoryReader;
  readonly stalled: Promise<string>;
  /** More requests were made than any run takes that ends. */
  readonly endless: Promise<string>;
  /** Of the handler, as far as it had any. */
  lastError(): string | undefined;
}

export function createStallReader(requestsMax = Number.POSITIVE_INFINITY): StallReader {
  const { promise: stalled, resolve } = Promise.withResolvers<string>();
  const { promise: endless, resolve: resolveEndless } = Promise.withResolvers<string>();
  let requests = 0;
  let error: string | undefined;
  let timeouts = 0;
  const read = (record: HistoryRecord): void => {
    if (record.type === 'requested' && ++requests > requestsMax) {
      resolveEndless(`over ${requestsMax} requests were made, and not everything was delivered`);
    }
    if (record.type === 'answered') {
      const { outcome } = record;
      if ('error' in outcome) error = outcome.error.slice(0, ERROR_CHARS_MAX);
      timeouts = outcome.kind === 'timed-out' ? timeouts + 1 : 0;
      if (timeouts === TIMEOUTS_MAX) {
        resolve(`${TIMEOUTS_MAX} invocations in a row ran past their timeout: given up`);
      }
    }
    if (record.type === 'invoked' && record.attempt > ATTEMPTS_MAX) {
      const last = error === undefined ? '' : `; the last error was ${error}`;
      resolve(
        `a batch of ${record.shardId} failed ${ATTEMPTS_MAX} times in a row, and was given up${last}`,
      );
    }
  };
  return { read, stalled, endless, lastError: () => error };
}
