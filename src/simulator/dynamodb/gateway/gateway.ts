/**
 * The layer between every handler and DynamoDB: records each request with what it consumed, and
 * lets faults happen on the way. It knows no transport: an HTTP server stands in front of it in the
 * local world, a client's `send` in the deterministic one.
 */
import type { History } from '../../history/history.ts';
import type { Capacity } from '../../model/history.ts';
import { unreportedWriteUnits } from './capacity.ts';
import { actionsOf, isRecord, type Json, type JsonObject, tablesOf } from './wire.ts';

/** A request as it lies on the wire, and whose it is. */
export interface GatewayRequest {
  /** Such as `TransactWriteItems`. */
  readonly operation: string;
  readonly input: JsonObject;
  readonly worker: string;
  /** What the worker is working on; 0 outside any invocation. */
  readonly invocation: number;
}

export interface GatewayReply {
  readonly kind: 'reply';
  readonly status: number;
  readonly body: JsonObject;
  /** What DynamoDB took for it; undefined: nothing, or it doesn't say. */
  readonly capacity?: Capacity;
  /** The exception itself, where no wire lies between. */
  readonly error?: Error;
}

/** The caller never hears; the request may have been applied. */
export interface GatewayLost {
  readonly kind: 'lost';
}

export type GatewayAnswer = GatewayReply | GatewayLost;

/** Passes an operation on to DynamoDB. Rejects when DynamoDB can't be reached. */
export type Forward = (
  operation: string,
  input: JsonObject,
) => Promise<GatewayReply> | GatewayReply;

/** Goes on with the request, or with another in its place; once, several times, or never. */
export type Proceed = (input?: JsonObject) => Promise<GatewayReply>;

/** Something that goes wrong with one request. */
export interface Fault {
  readonly name: string;
  apply(request: GatewayRequest, proceed: Proceed): Promise<Faulted>;
}

export interface Faulted {
  readonly answer: GatewayAnswer;
  /** False where nothing came of the fault, and the answer is what it would have been without. */
  readonly happened: boolean;
}

export interface Faults {
  /** The fault that befalls this request, or none. Asked once a request, before it is passed on. */
  decide(request: GatewayRequest): Fault | undefined;
}

export interface GatewayOptions {
  readonly history: History;
  readonly forward: Forward;
  readonly faults?: Faults;
}

export interface Gateway {
  /** Never rejects: a server out of reach is a lost answer. */
  handle(request: GatewayRequest): Promise<GatewayAnswer>;
  /** Resolves when no request is under way; one may outlive the worker that sent it. */
  idle(): Promise<void>;
}

export function createGateway({ history, forward, faults }: GatewayOptions): Gateway {
  let requests = 0;
  let underWay = 0;
  const waiting: (() => void)[] = [];
  const ended = (): void => {
    underWay--;
    if (underWay === 0) for (const resolve of waiting.splice(0)) resolve();
  };
  return {
    idle: () =>
      underWay === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve)),
    async handle(request) {
      underWay++;
      const fault = faults?.decide(request);
      let capacity: Capacity = NOTHING;
      const proceed: Proceed = async (input = request.input) => {
        const reply = await forward(request.operation, input);
        if (reply.capacity !== undefined) capacity = sum(capacity, reply.capacity);
        return reply;
      };
      let { answer, happened }: Faulted = { answer: { kind: 'lost' }, happened: false };
      try {
        if (fault === undefined) answer = await proceed();
        else ({ answer, happened } = await fault.apply(request, proceed));
      } catch {
        // A server out of reach.
      }
      const { operation } = request;
      const outcome = outcomeOf(answer);
      const reasons = answer.kind === 'reply' ? cancellationReasons(answer.body) : undefined;
      const actions = actionsOf(operation, request.input);
      requests++;
      history.record({
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
      return answer;
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

function outcomeOf(answer: GatewayAnswer): string {
  if (answer.kind === 'lost') return 'lost';
  if (answer.status < 300) return 'ok';
  const type = answer.body['__type'];
  return typeof type === 'string' ? type.slice(type.indexOf('#') + 1) : `status ${answer.status}`;
}

function cancellationReasons(body: JsonObject): readonly string[] | undefined {
  const reasons = body['CancellationReasons'];
  if (!Array.isArray(reasons)) return undefined;
  return reasons.map((reason: Json) => String((isRecord(reason) && reason['Code']) || 'None'));
}
