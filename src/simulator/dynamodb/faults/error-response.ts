/** Error responses as DynamoDB sends them. */
import { actionsOf } from '../gateway/actions.ts';
import type { JsonObject } from '../gateway/json.ts';
import type { GatewayRequest, GatewayResponse } from '../gateway/request.ts';

export function errorResponse(
  status: number,
  error: string,
  message: string,
  more: JsonObject = {},
): GatewayResponse {
  const body = { __type: `com.amazonaws.dynamodb.v20120810#${error}`, message, ...more };
  return { kind: 'response', status, body };
}

export function internalError(): GatewayResponse {
  return errorResponse(500, 'InternalServerError', 'Internal server error');
}

/** A cancelled transaction, with the reason at one of its actions. */
export function cancelledResponse(
  request: GatewayRequest,
  failedAt: number,
  code: string,
  message: string,
): GatewayResponse {
  const reasons: JsonObject[] = Array.from({ length: actionCount(request) }, (_, at) =>
    at === failedAt ? { Code: code, Message: message } : { Code: 'None' },
  );
  const codes = reasons.map(({ Code }) => Code).join(', ');
  const text = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`;
  // This exception spells `Message` with a capital.
  const more = { Message: text, CancellationReasons: reasons };
  return errorResponse(400, 'TransactionCanceledException', text, more);
}

/** At least 1: DynamoDB rejects an empty transaction, but a reason needs an action. */
export function actionCount({ operation, input }: GatewayRequest): number {
  return Math.max(1, actionsOf(operation, input).length);
}
