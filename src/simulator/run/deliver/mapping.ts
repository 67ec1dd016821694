/** Delivery by a simulated event source mapping. */
import { startDelivery } from '../../event-source-mapping/driver.ts';
import {
  type EventSourceMapping,
  eventSourceMapping,
} from '../../event-source-mapping/settings.ts';
import { faultsOf } from '../../model/fault-profiles.ts';
import type { RunOptions } from '../../model/run-options.ts';
import { seededRandom } from '../../random.ts';
import type { AnyWorld, World } from '../../worlds/world.ts';
import type { Deliver } from './deliver.ts';
import { createStallDetector, drainOrStall } from './stall.ts';

export const deliverByMapping: Deliver = ({ options, world, history, requestsMax }) => {
  const ours = deliveringWorld(world);
  const stall = createStallDetector(requestsMax);
  const start = () =>
    startDelivery({
      settings: mappingOf(options, ours),
      world: ours.delivery,
      history,
      random: seededRandom(options.seed, 'delivery'),
    });
  const early = ours.deliversWhilePushing ? start() : undefined;
  return { read: stall.read, finish: () => drainOrStall(early ?? start(), ours, stall) };
};

/** Throws where AWS delivers. */
export function deliveringWorld(world: AnyWorld): World {
  if (world.remote === undefined) return world;
  throw new TypeError('on a deployed stack delivery is not ours');
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
    ...world.mapping,
  });
}
