/**
 * A canonical history of the game. Every event is a function of the seed, the options and its index
 * alone, so that only the plan of the registrations and the names in use are in memory.
 */

import type { EventSource, GenerateOptions } from '../../model/workload.ts';
import { seededRandom } from '../../random.ts';
import { createCoreStream } from './core-stream.ts';
import { entities } from './entities.ts';
import type { Stamps, WinnerEvent } from './event.ts';
import { createNames } from './names.ts';
import { planRegistrations } from './registrations.ts';
import { createZipf } from './zipf.ts';

const HISTORY_START_MS = Date.UTC(2017, 2, 28, 23, 0);
/** Milliseconds between two events, on average. */
const EVENT_INTERVAL_MS = 250;

/**
 * `count` events in the order of time, registrations included: `products` products, the n-th of
 * which sells 1/n as often as the first, and `users` people who register them. Throws a RangeError
 * unless all three are positive integers.
 */
export function generate(seed: string, options: GenerateOptions): EventSource<WinnerEvent> {
  const { count } = options;
  const { products, users } = { ...entities(count), ...options.entities };
  checkWhole({ count, products, users });
  const registrations = planRegistrations(seededRandom(seed, 'registrations'), {
    count,
    products,
    users,
  });
  const rankOf = createZipf(products);
  const names = createNames(seed, { count, products });
  const coreStream = createCoreStream(seed, count);

  function at(index: number): WinnerEvent {
    if (!Number.isInteger(index) || index < 0 || index >= count) {
      throw new RangeError(`no event ${index} in a history of ${count}`);
    }
    const random = seededRandom(seed, `event ${index}`);
    const registration = registrations.get(index);
    const rank = registration?.rank ?? rankOf(random());
    const common = {
      productId: names.productId(rank),
      eventId: coreStream.eventId(index, rank, random),
      ...stamps(index, random),
    };
    if (registration === undefined) {
      return { kind: 'purchase', origin: names.customer(random()), ...common };
    }
    const origin = names.user(registration.user);
    return registration.kind === 'creation'
      ? { kind: 'creation', origin, ...common, ...names.product(rank) }
      : { kind: 'photograph', origin, ...common, image: names.image(rank, index) };
  }

  return { length: count, at };
}

function checkWhole(sizes: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(sizes)) {
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new RangeError(`${name} must be a positive integer, not ${value}`);
    }
  }
}

function stamps(index: number, random: () => number): Stamps {
  const originMs = HISTORY_START_MS + Math.floor((index + random()) * EVENT_INTERVAL_MS);
  const ingestMs = originMs + 20 + Math.floor(random() * 100);
  return {
    timeOrigin: new Date(originMs).toISOString(),
    timeIngest: new Date(ingestMs).toISOString(),
    timeProcess: new Date(ingestMs + 1000 + Math.floor(random() * 6000)).toISOString(),
  };
}
