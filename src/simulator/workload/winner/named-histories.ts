/**
 * The named history of the exhaustive search: four events, each of which changes the effect of the
 * others.
 */
import type { WinnerEvent } from './event.ts';

const STAMPS = {
  timeOrigin: '2017-03-28T23:52:53.763Z',
  timeIngest: '2017-03-28T23:52:53.818Z',
  timeProcess: '2017-03-28T23:52:59.677Z',
};
const common = (id: string, origin: string) => ({
  productId: '7749361',
  eventId: `shardId-000000000001:${id}`,
  origin,
  ...STAMPS,
});
const DETAILS = { brand: 'b', name: 'n', description: 'd', category: 'c' };

export const namedHistories: Readonly<Record<string, readonly WinnerEvent[]>> = {
  /**
   * A creation, a purchase after it, another creation with a lesser id than both, which so gets the
   * credit of the purchase, and a photograph before the purchase.
   */
  'rival creators': [
    { kind: 'creation', ...common('5', 'ann'), ...DETAILS },
    { kind: 'purchase', ...common('7', 'customer') },
    { kind: 'creation', ...common('2', 'bob'), ...DETAILS },
    { kind: 'photograph', ...common('3', 'zoë'), image: 'i' },
  ],
};
