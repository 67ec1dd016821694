/** The named history of the exhaustive search: few events, each of which changes what the others mean. */
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
const WORDS = { brand: 'b', name: 'n', description: 'd', category: 'c' };

/**
 * A creation, a purchase after it, another creation before both (so that the purchase's credit goes to
 * whoever has the least id), and a photograph before the purchase. The first `count` of them, at most 4.
 */
export function named(count: number): readonly WinnerEvent[] {
  const all: readonly WinnerEvent[] = [
    { kind: 'creation', ...common('5', 'ann'), ...WORDS },
    { kind: 'purchase', ...common('7', 'customer') },
    { kind: 'creation', ...common('2', 'bob'), ...WORDS },
    { kind: 'photograph', ...common('3', 'zoë'), image: 'i' },
  ];
  return all.slice(0, count);
}
