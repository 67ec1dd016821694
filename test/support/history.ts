/** A small hand-written history that makes the handler do everything it can do. */
import { encode } from '../../src/simulator/workload/winner/encode.ts';
import type { WinnerEvent } from '../../src/simulator/workload/winner/event.ts';

/** In every product id, origin and event id, so that a test can look for payload where none may be. */
export const MARK = 'kE9-mark';

const STAMPS = {
  timeOrigin: '2017-03-28T23:52:53.763Z',
  timeIngest: '2017-03-28T23:52:53.818Z',
  timeProcess: '2017-03-28T23:52:59.677Z',
};
const productId = `product-${MARK}`;
const place = (at: number) => `shardId-000000000001:${MARK}${String(at).padStart(4, '0')}`;

export function purchase(at: number): WinnerEvent {
  return { kind: 'purchase', productId, eventId: place(at), origin: `buyer-${MARK}`, ...STAMPS };
}
export function creation(at: number, origin: string): WinnerEvent {
  const words = { brand: MARK, name: MARK, description: MARK, category: MARK };
  return { kind: 'creation', productId, eventId: place(at), origin, ...words, ...STAMPS };
}
export function photograph(at: number, origin: string): WinnerEvent {
  return { kind: 'photograph', productId, eventId: place(at), origin, image: MARK, ...STAMPS };
}

/** Somebody else's event, and one that is none. */
export const FOREIGN = new TextEncoder().encode(
  JSON.stringify({
    ...{ schema: 'com.nordstrom/retail-stream-egress/1-0-0', origin: MARK, ...STAMPS },
    ...{ eventId: place(0), data: { schema: 'com.nordstrom/cart/add/1-0-0', id: MARK } },
  }),
);
export const MALFORMED = new TextEncoder().encode(`{"${MARK}": "${MARK}"}`);

export const FIRST_CREATOR = `creator-${MARK}`;
export const EARLIER_CREATOR = `earlier-${MARK}`;
export const PHOTOGRAPHER = `photographer-${MARK}`;

/**
 * Five purchases with a copy and both registrations, and what is no event; then a creator with a smaller
 * event id, who takes over and so makes the handler count again; then what has been seen.
 */
export const EVENTS: readonly WinnerEvent[] = [
  ...[2, 4, 6, 8, 10].map(purchase),
  creation(5, FIRST_CREATOR),
  photograph(7, PHOTOGRAPHER),
  creation(3, EARLIER_CREATOR),
];
const [two, four, six, eight, ten, first, photo, earlier] = EVENTS.map(
  (event) => encode(event, 0).data,
) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
  Uint8Array,
  Uint8Array,
  Uint8Array,
  Uint8Array,
  Uint8Array,
];

export const BATCHES: readonly (readonly Uint8Array[])[] = [
  [two, four, six, six, eight, ten, first, photo, FOREIGN, MALFORMED],
  [earlier],
  [four, earlier],
];

/** What the three batches amount to. */
export const TOTALS = {
  Records: 13,
  Applied: 8,
  Copies: 2,
  Skipped: 1,
  Quarantined: 1,
  Recredited: 1,
  Conflicts: 0,
  Retries: 0,
  Failed: 0,
} as const;
