/**
 * The guest whose code is running, known from the async context. Code outside a guest, such as the
 * simulator's own, keeps real time and randomness.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Random } from '../../model/random.ts';
import type { Environment } from './environment.ts';

/** A foreign handler in an environment. */
export interface Guest {
  readonly environment: Environment;
  /** Of `Math.random`. */
  readonly random: Random;
  /** Of ids and bytes: what the SDK draws of them changes nothing of what the handler draws. */
  readonly cryptoRandom: Random;
  /** Its environment variables. */
  readonly variables: Record<string, string>;
  /** It did something after which a repeated run may differ, such as writing a file. */
  escaped(what: string): void;
  /** It needs something that is not simulated. */
  refused(what: string): void;
  /** A real operation that will end has begun; stops the virtual clock until the returned call. */
  hold(): () => void;
  output(line: string): void;
  /** It called `process.exit`. */
  exit(code: unknown): never;
  /** An uncaught error, which would end its process. */
  broke(error: unknown): void;
}

export const guests = new AsyncLocalStorage<Guest>();

/** Runs code as a guest's, including what the code starts. */
export function runAsGuest<T>(guest: Guest, run: () => T): T {
  return guests.run(guest, run);
}

export function currentGuest(): Guest | undefined {
  return guests.getStore();
}
