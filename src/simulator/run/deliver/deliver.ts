/**
 * A delivery strategy: how records get from the stream to the handler, and when all of them have.
 */
import type { Pushes } from '../../disorder/disorder.ts';
import type { History, HistoryReader } from '../../history/history.ts';
import type { Stall } from '../../model/failure.ts';
import type { RunOptions } from '../../model/run-options.ts';
import type { AnyWorld } from '../../worlds/world.ts';
import type { CheckedTables } from '../check-tables.ts';

/** Called before the first record is put. */
export type Deliver = (parts: DeliverParts) => OngoingDelivery;

export interface DeliverParts {
  readonly options: RunOptions;
  readonly world: AnyWorld;
  readonly history: History;
  readonly pushes: Pushes;
  /** More requests than any run makes that ends. */
  readonly requestsMax: number;
  /** The clock of the world, milliseconds. */
  readonly now: () => number;
  /** Compares the tables as they are now. */
  checkTables(): Promise<CheckedTables>;
}

export interface OngoingDelivery {
  /** Reads the history from here on. */
  readonly read?: HistoryReader;
  /**
   * Called when all records are put. Resolves when all are delivered, or with the reason why they
   * never will be.
   */
  finish(): Promise<Stall | undefined>;
}
