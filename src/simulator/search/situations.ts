/** Situations that a search should reach: those of the handler, and those of its delivery. */
import { SITUATIONS } from '../execution/virtual/shipped.ts';

/** Records were discarded: their events may be in the tables entirely, partly or not at all. */
export const DELIVERY_SITUATIONS = [
  'given up after the last retry',
  'given up for its age',
] as const;

export type DeliverySituation = (typeof DELIVERY_SITUATIONS)[number];

/** Only the shipped handler reports its situations. */
export function situationsOf(isShipped: boolean): readonly string[] {
  return isShipped ? [...SITUATIONS, ...DELIVERY_SITUATIONS] : DELIVERY_SITUATIONS;
}
