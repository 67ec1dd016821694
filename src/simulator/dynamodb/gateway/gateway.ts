/**
 * The layer between every handler and DynamoDB: appends each request to the history with its
 * consumed capacity, and applies faults. It knows no transport: the local world puts an HTTP server
 * in front of it, the memory world a client's `send`.
 */
import type { History } from '../../history/history.ts';
import type { Capacity } from '../../model/history.ts';
import { actionsOf, tablesOf } from './actions.ts';
import type { FaultResult, Faults, Proceed } from './fault.ts';
import { isObject, type Json, type JsonObject } from './json.ts';
import type { Forward, GatewayRequest, GatewayResult } from './request.ts';
import { unreportedWriteUnits } from './unreported-write-units.ts';

export interface GatewayOptions {
  readonly history: History;
  readonly forward: Forward;
  readonly faults?: Faults;
}

export interface Gateway {
  /** Never rejects: if DynamoDB can't be reached, the response is lost. */
  handle(request: GatewayRequest): Promise<GatewayResult>;
  /** Resolves when no request is in flight; requests can outlive the worker that sent them. */
  idle(): Promise<void>;
}

export function createGateway({ history, forward, faults }: GatewayOptions): Gateway {
  let requests = 0;
  let inFlight = 0;
  const waiting: (() => void)[] = [];
  const ended = (): void => {
    inFlight--;
    if (inFlight === 0) for (const resolve of waiting.splice(0)) resolve();
  };
  return {
    idle: () =>
      inFlight === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve)),
    async handle(request) {
      inFlight++;
      const fault = faults?.decide(request);
      let capacity: Capacity = NOTHING;
      const proceed: Proceed = async (input = request.input) => {
        const response = await forward(request.operation, input);
        if (response.capacity !== undefined) capacity = sum(capacity, response.capacity);
        return response;
      };
      let { result, happened }: FaultResult = { result: { kind: 'lost' }, happened: false };
      try {
        if (fault === undefined) result = await proceed();
        else ({ result, happened } = await fault.apply(request, proceed));
      } catch {
        // DynamoDB can't be reached.
      }
      const { operation } = request;
      const outcome = outcomeOf(result);
      const reasons = result.kind === 'response' ? cancellationReasons(result.body) : undefined;
      const actions = actionsOf(operation, request.input);
      requests++;
      history.append({
        type: 'requested',
        request: requests,
        worker: request.worker,
        invocation: request.invocation,
        operation,
        tables: tablesOf(actions),
        items: actions.length,
        outcome,
        ...(reasons === undefined ? undefined : { cancellationReasons: reasons }),
        capacity,
        cancelledWriteUnits: unreportedWriteUnits(operation, actions, outcome),
        ...(fault === undefined || !happened ? undefined : { fault: fault.name }),
      });
      ended();
      return result;
    },
  };
}

const NOTHING: Capacity = { readUnits: 0, writeUnits: 0 };

function sum(left: Capacity, right: Capacity): Capacity {
  return {
    readUnits: left.readUnits + right.readUnits,
    writeUnits: left.writeUnits + right.writeUnits,
  };
}

function outcomeOf(result: GatewayResult): string {
  if (result.kind === 'lost') return 'lost';
  if (result.status < 300) return 'ok';
  const type = result.body['__type'];
  return typeof type === 'string' ? type.slice(type.indexOf('#') + 1) : `status ${result.status}`;
}

function cancellationReasons(body: JsonObject): readonly string[] | undefined {
  const reasons = body['CancellationReasons'];
  if (!Array.isArray(reasons)) return undefined;
  return reasons.map((reason: Json) => String((isObject(reason) && reason['Code']) || 'None'));
}
