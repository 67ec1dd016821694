/** Requests to DynamoDB and what comes back, without a transport. */
import type { Capacity } from '../../model/history.ts';
import type { JsonObject } from './json.ts';

export interface GatewayRequest {
  /** Such as `TransactWriteItems`. */
  readonly operation: string;
  readonly input: JsonObject;
  readonly worker: string;
  /** The worker's current invocation; 0 outside an invocation. */
  readonly invocation: number;
}

export interface GatewayResponse {
  readonly kind: 'response';
  readonly status: number;
  readonly body: JsonObject;
  /** Undefined if DynamoDB doesn't report it. */
  readonly capacity?: Capacity;
  /** The exception itself, if no HTTP lies between. */
  readonly error?: Error;
}

/** The caller gets no response; the request may have been applied. */
export interface GatewayLost {
  readonly kind: 'lost';
}

export type GatewayResult = GatewayResponse | GatewayLost;

/** Passes an operation on to DynamoDB. Rejects if DynamoDB can't be reached. */
export type Forward = (
  operation: string,
  input: JsonObject,
) => Promise<GatewayResponse> | GatewayResponse;
