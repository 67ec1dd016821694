/**
 * The events of the game, after validation. The simulator's reference shares these types with the
 * handler, and nothing else.
 */

/** `product/create`: `origin` created the product, and is a candidate for its creator. */
export interface Creation {
  readonly kind: 'creation';
  readonly productId: string;
  readonly eventId: string;
  readonly origin: string;
}

/** `product/image`: `origin` photographed the product, and is a candidate for its photographer. */
export interface Photograph {
  readonly kind: 'photograph';
  readonly productId: string;
  readonly eventId: string;
  readonly origin: string;
}

/** `product/purchase`: `origin` bought the product. */
export interface Purchase {
  readonly kind: 'purchase';
  readonly productId: string;
  readonly eventId: string;
  readonly origin: string;
  /** ISO 8601 date-time, set by the producer. */
  readonly timeOrigin: string;
}

export type GameEvent = Creation | Photograph | Purchase;
