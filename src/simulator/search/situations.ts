/** Situations that a search wants to have reached: the handler's own, and those of its delivery. */
import { SITUATIONS } from '../execution/virtual/shipped.ts';

/** Lambda stops delivering: what it gave up may be in the tables wholly, in part, or not. */
export const DELIVERY_SITUATIONS = [
  'given up after the last retry',
  'given up for its age',
] as const;

export type DeliverySituation = (typeof DELIVERY_SITUATIONS)[number];

/** `handlerTells`: only the shipped handler says which it meets. */
export function situationsOf(handlerTells: boolean): readonly string[] {
  return handlerTells ? [...SITUATIONS, ...DELIVERY_SITUATIONS] : DELIVERY_SITUATIONS;
}
