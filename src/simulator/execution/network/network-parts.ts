/** What the simulated network needs from its installer. */
import type { Destination } from './destination.ts';
import type { Respond } from './http-exchange.ts';

/** `Owner`: an execution environment, or what stands for it. */
export interface NetworkParts<Owner extends object> {
  /** Whose code is running; undefined: not a handler's, and everything is real. */
  owner(): Owner | undefined;
  readonly respond: Respond<Owner>;
  /** It needs what is not simulated: `what` completes "the handler uses ...". What it waits for never happens. */
  refused(what: string, owner: Owner): void;
  /** Does something in the owner's environment as soon as that runs. */
  enter(owner: Owner, happen: () => void): void;
  /** Whether a real connection may be made. */
  allows(destination: Destination): boolean;
}
