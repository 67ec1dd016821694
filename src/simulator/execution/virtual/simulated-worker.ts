/** A worker of the simulated function. */
import type { Environment } from './environment.ts';

/** A handler loaded in an environment; its module state lives as long as the environment. */
export type LoadedHandler = (event: unknown, context: unknown) => Promise<unknown>;

export interface SimulatedWorker {
  readonly environment: Environment;
  readonly handler: LoadedHandler;
  /** The current invocation; 0 outside an invocation. */
  invocation: number;
  /** Ends the current invocation. */
  crash: (error: string) => void;
}
