/**
 * A small history whose events interact: few products and people, registrations as frequent as
 * purchases, and event ids that are equal, of several core shards, and of several lengths. It is
 * cheap to make, because a search makes millions.
 */

import type { Random } from '../../model/random.ts';
import type { GenerateOptions } from '../../model/workload.ts';
import { below, pick } from '../../random.ts';
import type { Stamps, WinnerEvent } from './event.ts';

const USERS = ['ann', 'bob', 'zoë'].map((name, at) => `hello-retail/merchant/amzn2.${at}/${name}`);
/** Ids that would do harm if they were taken for expressions or for property names. */
const PRODUCTS = ['7749361', '#role', '__proto__', '📷 :c'];
/** In the order of their bytes, which is not the order of their numbers. */
const EVENT_IDS = ['0:10', '0:9', '1:1', '1:10', '1:100', '1:2', '1:9', '2:1', '2:10', '2:3'].map(
  (id) => `shardId-00000000000${id}`,
);
const STAMPS: Stamps = {
  timeOrigin: '2017-03-28T23:52:53.763Z',
  timeIngest: '2017-03-28T23:52:53.818Z',
  timeProcess: '2017-03-28T23:52:59.677Z',
};
const DETAILS = { brand: 'b', name: 'n', description: 'd', category: 'c' };
const KINDS = ['purchase', 'purchase', 'creation', 'photograph'] as const;

/** `count` events in the order of their ids, which one product in five has twice. */
export function smallHistory(random: Random, options: GenerateOptions): readonly WinnerEvent[] {
  const { count } = options;
  const { products, users } = { products: 1, users: 2, ...options.entities };
  const start = below(random, PRODUCTS.length);
  const taken = new Set<string>();
  const events: WinnerEvent[] = [];
  for (let attempts = 0; events.length < count; attempts++) {
    const productId = PRODUCTS[(start + below(random, products)) % PRODUCTS.length] as string;
    const id = pick(random, EVENT_IDS);
    // A history with more events than there are ids gets longer ids.
    const eventId = attempts < 8 * count ? id : `${id}${attempts}`;
    const kind = pick(random, KINDS);
    const origin = USERS[below(random, users) % USERS.length] as string;
    // An identity belongs to one event, but rivals may share the least id.
    const identity = kind === 'purchase' ? 'purchase' : `${kind} ${origin}`;
    const place = `${productId} ${eventId}`;
    if (taken.has(`${place} ${identity}`) || (taken.has(place) && random() < 0.6)) continue;
    taken.add(place).add(`${place} ${identity}`);
    const common = { productId, eventId, origin, ...STAMPS };
    if (kind === 'creation') events.push({ kind, ...common, ...DETAILS });
    else if (kind === 'photograph') events.push({ kind, ...common, image: 'i' });
    else events.push({ kind, ...common, origin: `hello-retail/customer/${events.length}/c` });
  }
  return events.sort((left, right) => (left.eventId < right.eventId ? -1 : 1));
}
