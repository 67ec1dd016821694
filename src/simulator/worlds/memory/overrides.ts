/** What can be set in the deterministic world beyond the options of a run: for searches. */

import type { Limits as DatabaseLimits } from '../../dynamodb/engine/database.ts';
import type { GatewayRequest } from '../../dynamodb/gateway/request.ts';
import type { EventSourceMapping } from '../../event-source-mapping/settings.ts';
import type { HandlerLimits, HandlerLoader } from '../../execution/virtual/shipped.ts';
import type { Row } from '../../model/workload.ts';

export interface Circumstances {
  /** The handler under test, instead of the shipped one; `options.handler` comes before it. */
  readonly load?: HandlerLoader | undefined;
  readonly handlerLimits?: HandlerLimits;
  readonly databaseLimits?: Partial<DatabaseLimits>;
  /** The function's time-out, milliseconds. */
  readonly timeoutMs?: number;
  /** Of the event source mapping, where it isn't as AWS has it. */
  readonly mapping?: Partial<EventSourceMapping>;
  /**
   * Asked at each fault that the random source want, with its running number from 0 and its name; false: it
   * doesn't happen.
   */
  readonly mayHappen?: (occurrence: number, fault: string) => boolean;
  /** Told of each fault that could have happened just now, whether or not the random source wanted it. */
  readonly occasion?: (fault: string) => void;
  /** Told of each request as it reaches DynamoDB, and of each item that is written. */
  readonly requested?: (request: GatewayRequest) => void;
  readonly wrote?: (table: string, before: Row | undefined, after: Row | undefined) => void;
  /** Told of each situation that the handler meets. */
  readonly situation?: (name: string) => void;
}
