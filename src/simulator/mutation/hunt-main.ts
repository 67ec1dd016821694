/** A process with one mutant: `hunt-main.ts '{"name": ...}'` prints the result as JSON. */
import process from 'node:process';
import { winner } from '../workload/winner/winner.ts';
import { mutantOf, plant } from './plant.ts';
import { MUTANTS } from './planted/planted.ts';

export interface HuntOrder {
  /** Undefined: the shipped handler. */
  readonly name?: string;
  readonly seed: string;
  readonly runsMax: number;
  readonly timeMs: number;
}

// Stacks of the many simulated errors are not read.
Error.stackTraceLimit = 0;

const order = JSON.parse(process.argv[2] ?? '') as HuntOrder;
const mutant = order.name === undefined ? undefined : mutantOf(order.name);
const isLoaded = mutant && plant(mutant);
// Imported after the mutant was planted, because the hunt loads the handler.
const { hunt } = await import('./hunt.ts');
const hunted = await hunt({
  ...order,
  workload: winner,
  likely: (mutant === undefined ? MUTANTS : [mutant]).map(({ options }) => options),
  now: () => performance.now(),
});
if (isLoaded?.() === false) throw new Error(`${order.name}: its file was not loaded`);
process.stdout.write(`${JSON.stringify(hunted)}\n`, () => process.exit(0));
