/** The errors that an SDK client throws for results of the gateway. */
import {
  ConditionalCheckFailedException,
  DynamoDBServiceException,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import { isObject } from '../../dynamodb/gateway/json.ts';
import type { GatewayResponse, GatewayResult } from '../../dynamodb/gateway/request.ts';

export const METADATA = { httpStatusCode: 200, attempts: 1, totalRetryDelay: 0 };

/** Undefined if the request succeeded. */
export function errorOf(result: GatewayResult): Error | undefined {
  if (result.kind === 'lost') {
    return Object.assign(new Error('socket hang up'), { name: 'TimeoutError', code: 'ECONNRESET' });
  }
  if (result.status < 300) return undefined;
  return result.error ?? exceptionFor(result);
}

/** The SDK's exception for an error response that a fault made. */
function exceptionFor({ status, body }: GatewayResponse): Error {
  const type = String(body['__type'] ?? 'InternalServerError');
  const name = type.slice(type.indexOf('#') + 1);
  const message = String(body['message'] ?? '');
  const $metadata = { ...METADATA, httpStatusCode: status };
  if (name === 'TransactionCanceledException') {
    const reasons = body['CancellationReasons'];
    const CancellationReasons = (Array.isArray(reasons) ? reasons : []).map((reason) =>
      isObject(reason) ? { Code: String(reason['Code'] ?? 'None') } : { Code: 'None' },
    );
    return new TransactionCanceledException({ message, $metadata, CancellationReasons });
  }
  if (name === 'ConditionalCheckFailedException') {
    return new ConditionalCheckFailedException({ message, $metadata });
  }
  const $fault = status >= 500 ? 'server' : 'client';
  return new DynamoDBServiceException({ name, message, $fault, $metadata });
}
