/** A kind of fault, and what it takes to make one. */
import type { Random } from '../../model/random.ts';
import type { Fault } from '../gateway/fault.ts';
import type { GatewayRequest } from '../gateway/request.ts';

export interface FaultKind extends Fault {
  /** Whether DynamoDB could treat this request so. */
  appliesTo(request: GatewayRequest): boolean;
  /** Sees every request that it applies to, and draws from the random source itself. */
  readonly seesAll?: true;
}

export interface FaultParts {
  readonly random: Random;
  /** The fraction of eligible requests that fail this way. */
  readonly ratio: number;
  /** On the world's clock. */
  pause(ms: number): Promise<void>;
}
