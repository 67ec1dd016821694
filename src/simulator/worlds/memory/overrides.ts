/** What a search sets in the memory world beside the options of a run, and what it observes. */

import type { Limits as DatabaseLimits } from '../../dynamodb/engine/limits.ts';
import type { GatewayRequest } from '../../dynamodb/gateway/request.ts';
import type { EventSourceMapping } from '../../event-source-mapping/settings.ts';
import type { HandlerLimits, HandlerLoader } from '../../execution/virtual/shipped.ts';
import type { Row } from '../../model/workload.ts';

export interface Overrides {
  /** The handler in place of the shipped one, unless `options.handler` names another. */
  readonly load?: HandlerLoader | undefined;
  readonly handlerLimits?: HandlerLimits;
  readonly databaseLimits?: Partial<DatabaseLimits>;
  /** Callbacks of the virtual clock between two yields to the real event loop. */
  readonly stepsPerYield?: number;
  /** Of the function, milliseconds. */
  readonly timeoutMs?: number | undefined;
  readonly mapping?: Partial<EventSourceMapping>;
  /** Called for each fault that was drawn, with its running number from 0; false prevents it. */
  readonly allowsFault?: (occurrence: number, fault: string) => boolean;
  /** Called whenever a fault could be drawn. */
  readonly onFaultEligible?: (fault: string) => void;
  readonly onRequest?: (request: GatewayRequest) => void;
  readonly onWrite?: (table: string, before: Row | undefined, after: Row | undefined) => void;
  /** In place of the history's facts: a search counts them in a million runs. */
  readonly onSituation?: (situation: string) => void;
}
