/** Faults, as the gateway applies them. */
import type { JsonObject } from './json.ts';
import type { GatewayRequest, GatewayResponse, GatewayResult } from './request.ts';

export interface Fault {
  readonly name: string;
  apply(request: GatewayRequest, proceed: Proceed): Promise<FaultResult>;
}

/** Passes the request on, with its input or another one. May be called any number of times. */
export type Proceed = (input?: JsonObject) => Promise<GatewayResponse>;

export interface FaultResult {
  readonly result: GatewayResult;
  /** False if the fault had no effect: the result is the same as without it. */
  readonly happened: boolean;
}

export interface Faults {
  /** The fault for this request, if any. Called once a request, before it is passed on. */
  decide(request: GatewayRequest): Fault | undefined;
}
