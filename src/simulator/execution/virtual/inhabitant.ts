/**
 * Whose code is running: told by the async context, so that the simulator's own code, and everybody else's,
 * goes on with the real time and chance.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Random } from '../../model/random.ts';
import type { Environment } from './environment.ts';

/** An environment whose handler's code runs in its own async context. */
export interface Inhabitant {
  readonly environment: Environment;
  readonly random: Random;
  /** It did something that the virtual world has no hold of, such as opening a socket. */
  escaped(what: string): void;
  /** Something real is under way that ends by itself: the virtual clock waits until it has. */
  hold(): () => void;
  output(line: string): void;
  /** It asked for the end of its process. */
  exit(code: unknown): never;
  /** An error that nobody caught, of which a process would end. */
  broke(error: unknown): void;
}

export const inhabitants = new AsyncLocalStorage<Inhabitant>();

/** Runs code as an inhabitant's; what it starts is the inhabitant's too. */
export function inhabit<T>(inhabitant: Inhabitant, run: () => T): T {
  return inhabitants.run(inhabitant, run);
}

export function currentInhabitant(): Inhabitant | undefined {
  return inhabitants.getStore();
}
