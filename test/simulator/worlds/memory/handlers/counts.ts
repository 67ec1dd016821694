/** Prints how often it was called since it was loaded, by its own count and by that of what it imports. */
import { called } from './counts-part.ts';
import { loads } from './counts-shared.cjs';

let own = 0;

export async function handler() {
  own++;
  console.log(`${own} ${called()} ${loads()}`);
}
