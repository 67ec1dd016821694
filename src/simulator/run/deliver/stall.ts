/** Finds out from the history that a delivery will never end. */
import type { Delivery } from '../../event-source-mapping/driver.ts';
import type { HistoryReader } from '../../history/history.ts';
import type { Stall } from '../../model/failure.ts';
import type { HistoryRecord } from '../../model/history.ts';
import type { Quiescence, World } from '../../worlds/world.ts';

/** A batch that failed so many times in a row is not expected to succeed. */
const ATTEMPTS_MAX = 40;
/** A minute each; one more than it takes to halve a batch of 100 down to a single record. */
const TIMEOUTS_MAX = 8;

export interface StallDetector {
  readonly read: HistoryReader;
  /** Resolves when a batch fails over and over, or invocations run into their time-out. */
  readonly failing: Promise<Stall>;
  /** Resolves when more requests were made than by any run that ends. */
  readonly endless: Promise<Stall>;
}

export function createStallDetector(requestsMax: number): StallDetector {
  const { promise: failing, resolve } = Promise.withResolvers<Stall>();
  const { promise: endless, resolve: resolveEndless } = Promise.withResolvers<Stall>();
  let requests = 0;
  let timeouts = 0;
  const read = (record: HistoryRecord): void => {
    if (record.type === 'requested' && ++requests > requestsMax) {
      resolveEndless({ cause: 'too-many-requests', requestsMax });
    }
    if (record.type === 'answered') {
      timeouts = record.outcome.kind === 'timed-out' ? timeouts + 1 : 0;
      if (timeouts === TIMEOUTS_MAX) resolve({ cause: 'timeouts-in-a-row', timeouts });
    }
    if (record.type === 'invoked' && record.attempt > ATTEMPTS_MAX) {
      const { shardId } = record;
      resolve({ cause: 'attempts-exhausted', shardId, attempts: ATTEMPTS_MAX });
    }
  };
  return { read, failing, endless };
}

/** Resolves when everything is delivered, or with the reason why it never will be. */
export async function drainOrStall(
  delivery: Delivery,
  world: World,
  { failing, endless }: StallDetector,
): Promise<Stall | undefined> {
  const { quiescence } = world;
  const drained = delivery.drained(world.delivery.now()).then(() => undefined);
  const stalled = quiescence === undefined ? failing : missesBound(world, quiescence);
  const stall = await Promise.race([drained, stalled, endless]);
  const stopped = delivery.stop();
  // Invocations that will never end are not waited for; the world ends them.
  if (stall === undefined) await stopped;
  else stopped.catch(() => {});
  return stall;
}

/** Liveness: once faults have stopped, everything must be delivered within a bound. */
async function missesBound(world: World, quiescence: Quiescence): Promise<Stall> {
  await world.pause(quiescence.afterMs());
  quiescence.stopFaults();
  const boundMs = quiescence.boundMs();
  await world.pause(boundMs);
  return { cause: 'not-delivered-in-time', boundMs };
}
