/** A gateway with faults in front of a test double of DynamoDB, which keeps its requests. */

import { createFaults } from '../../../../src/simulator/dynamodb/faults/create-faults.ts';
import { createGateway } from '../../../../src/simulator/dynamodb/gateway/gateway.ts';
import type { JsonObject } from '../../../../src/simulator/dynamodb/gateway/json.ts';
import type { GatewayResponse } from '../../../../src/simulator/dynamodb/gateway/request.ts';
import { createHistory } from '../../../../src/simulator/history/history.ts';
import type { FaultRatios } from '../../../../src/simulator/model/faults.ts';
import type { Requested } from '../../../../src/simulator/model/history.ts';
import { seededRandom } from '../../../../src/simulator/random.ts';

export const OK: GatewayResponse = { kind: 'response', status: 200, body: {} };

export function ok(body: JsonObject): GatewayResponse {
  return { kind: 'response', status: 200, body };
}

export const REFUSED: GatewayResponse = {
  kind: 'response',
  status: 400,
  body: { __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException' },
};

export function faulty(
  ratios: FaultRatios,
  respond: (operation: string, input: JsonObject) => GatewayResponse = () => OK,
  seed = 'S',
) {
  /** What reached DynamoDB, and what the gateway appended to the history. */
  const asked: { readonly operation: string; readonly input: JsonObject }[] = [];
  const requested: Requested[] = [];
  const pausesMs: number[] = [];
  /** Pauses and applied requests, in order. */
  const order: string[] = [];
  const gateway = createGateway({
    history: createHistory(
      () => 0,
      [(record) => record.type === 'requested' && requested.push(record)],
    ),
    async forward(operation, input) {
      asked.push({ operation, input });
      order.push('applied');
      return respond(operation, input);
    },
    faults: createFaults(ratios, seededRandom(seed, 'faults'), async (ms) => {
      pausesMs.push(ms);
      order.push('pause');
    }),
  });
  const send = (operation: string, input: JsonObject = { TableName: 'T' }) =>
    gateway.handle({ operation, input, worker: 'w', invocation: 1 });
  /** The fault that happened to each request. */
  const happened = () => requested.map(({ fault }) => fault);
  return { send, asked, requested, pausesMs, order, happened };
}

export function transaction(actions: number): JsonObject {
  return {
    TransactItems: Array.from({ length: actions }, (_, at) => ({
      Put: { TableName: 'T', Item: { id: { S: String(at) } } },
    })),
  };
}
