/** Figures as text. */
import { count } from '../../src/simulator/report/text.ts';
import type { VirtualUsers } from '../figures.ts';

export function percent(share: number): string {
  return `${count(share * 100)} %`;
}

/** Such as `ResourceNotFoundException 3`. */
export function errorsText({ errors }: VirtualUsers): string {
  return Object.entries(errors)
    .map(([name, times]) => `${name} ${count(times)}`)
    .join(', ');
}
