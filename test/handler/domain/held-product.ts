/** Purchases and products of the tests of the domain. */
import type { Purchase } from '../../../src/handler/domain/event.ts';
import { emptyProduct, type Product } from '../../../src/handler/domain/product.ts';

export const purchase = (eventId: string): Purchase => ({
  kind: 'purchase',
  productId: 'p',
  eventId,
  origin: 'customer',
  timeOrigin: '2017-03-28T23:52:53.763Z',
});

/** Held by `old` from an event id on. */
export const heldFrom = (eventId: string, sales: number, transferred: number): Product => ({
  ...emptyProduct('p'),
  revision: 5,
  turn: 3,
  creator: { holder: { origin: 'old', eventId }, sales, transferred, recount: undefined },
});
