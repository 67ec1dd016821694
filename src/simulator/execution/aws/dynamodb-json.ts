/** DynamoDB's AWS JSON 1.0 for the simulated database, which takes and gives the SDK's values. Pure. */
import { crc32 } from 'node:zlib';
import type { GatewayResponse } from '../../dynamodb/gateway/request.ts';
import type { HttpResponse } from '../network/http-exchange.ts';

type Json = Readonly<Record<string, unknown>>;

/** Binary values, which JSON has in Base64, become bytes. */
export function withBytes(input: Json): Json {
  return decoded(input) as Json;
}

function decoded(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(decoded);
  const copy: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    // Of an attribute value; an item's attribute of that name holds an object.
    const isBinary = name === 'B' && typeof member === 'string';
    const isBinarySet = name === 'BS' && isListOfTexts(member);
    const bytes = isBinary ? bytesOf(member) : isBinarySet ? member.map(bytesOf) : decoded(member);
    define(copy, name, bytes);
  }
  return copy;
}

function isListOfTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
}

function bytesOf(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64'));
}

/** Also a name such as `__proto__`. */
function define(target: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== '__proto__') target[name] = value;
  else Object.defineProperty(target, name, { value, enumerable: true, writable: true });
}

/** The HTTP response that carries the gateway's. */
export function writeResult({ status, body }: GatewayResponse, requestId: string): HttpResponse {
  const text = JSON.stringify(status < 300 ? body : withNamespace(body), encode);
  return {
    status,
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amzn-requestid': requestId,
      'x-amz-crc32': String(crc32(text)),
    },
    body: text,
  };
}

/** Called with the holder as `this`: some values turn themselves into texts before they are passed. */
function encode(this: unknown, name: string, shown: unknown): unknown {
  const value = (this as Json)[name];
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (value instanceof Date) return value.getTime() / 1000;
  return shown;
}

function withNamespace(body: Json): Json {
  const type = String(body['__type'] ?? 'InternalServerError');
  if (type.includes('#')) return body;
  const isOfEveryService = type === 'ValidationException' || type === 'SerializationException';
  const namespace = isOfEveryService
    ? 'com.amazon.coral.validate'
    : 'com.amazonaws.dynamodb.v20120810';
  const { message, ...rest } = body;
  // A cancelled transaction has its message by another name.
  const named = type === 'TransactionCanceledException' ? { Message: message } : { message };
  return { ...rest, ...named, __type: `${namespace}#${type}` };
}
