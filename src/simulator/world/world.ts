/** Where a run takes place: a stream to push to, a function to deliver to, tables to look at. */
import type { DeliveryWorld } from '../delivery/driver.ts';
import type { PutRecords } from '../stream/push.ts';
import type { Row } from '../workload/workload.ts';

export interface World {
  readonly put: PutRecords;
  pause(ms: number): Promise<void>;
  readonly delivery: DeliveryWorld;
  /** All rows of one of the workload's tables, as of now. */
  scan(table: string): AsyncIterable<Row>;
  /** What a user should know about this run, such as a handler in callback style. */
  readonly notes: readonly string[];
  /** The last lines that the handler printed, for whoever looks for the cause of a failure. */
  readonly output: readonly string[];
  /** Ends all that was started, at once. May be called again, and while anything is under way. */
  close(): Promise<void>;
}
