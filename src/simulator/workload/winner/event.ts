/**
 * The game's events as the retailer's core stream carries them: the handler's event types, and the
 * other fields of the envelope. Only these types are shared with the handler.
 */
import type { Creation, Photograph, Purchase } from '../../../handler/domain/event.ts';

/** ISO 8601 date-times of the envelope. */
export interface Stamps {
  readonly timeOrigin: string;
  readonly timeIngest: string;
  readonly timeProcess: string;
}

export interface ProductDetails {
  readonly brand: string;
  readonly name: string;
  readonly description: string;
  readonly category: string;
}

export type CreationEvent = Creation & Stamps & ProductDetails;
export type PhotographEvent = Photograph & Stamps & { readonly image: string };
export type PurchaseEvent = Purchase & Stamps;

export type WinnerEvent = CreationEvent | PhotographEvent | PurchaseEvent;
