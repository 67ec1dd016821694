/** The first events of the shipped workload's named history. */
import { namedHistories } from '../../../src/simulator/workload/winner/named-histories.ts';

export function named(count: number) {
  return Object.values(namedHistories).flatMap((events) => events.slice(0, count));
}
