/** Prints its calls since it was loaded, as counted by itself and by its imports. */
import { called } from './counts-part.ts';
import { loads } from './counts-shared.cjs';

let own = 0;

export async function handler() {
  own++;
  console.log(`${own} ${called()} ${loads()}`);
}
