/** An operation's output, or its error, as the service's protocol writes it. Pure. */
import { cbor } from '@smithy/core/cbor';
import type { ServiceData } from '../../model/services.ts';
import type { HttpResponse } from '../network/http-exchange.ts';
import type { AwsRequest } from './recognize-request.ts';

export function writeOutput(
  request: AwsRequest,
  output: ServiceData,
  requestId: string,
): HttpResponse {
  const { service, operation, protocol } = request;
  const id = { 'x-amzn-requestid': requestId };
  if (service === 'lambda') return writeInvokeOutput(output, id);
  switch (protocol) {
    case 'cbor':
      return {
        status: 200,
        headers: { ...id, 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' },
        body: cbor.serialize(output),
      };
    case 'query':
      return {
        status: 200,
        headers: { ...id, 'content-type': 'text/xml' },
        body:
          `<${operation}Response><${operation}Result>${xmlOf(output)}</${operation}Result>` +
          `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${operation}Response>`,
      };
    case 's3':
      return writeS3Output(output, { 'x-amz-request-id': requestId });
    default:
      return { status: 200, headers: { ...id, 'content-type': JSON_TYPE }, body: jsonOf(output) };
  }
}

/** What the workload's answer throws: its name is the error's code. */
export function writeError(request: AwsRequest, error: Error, requestId: string): HttpResponse {
  const { protocol } = request;
  const { name: code, message } = error;
  const given = (error as { readonly statusCode?: unknown }).statusCode;
  const status = typeof given === 'number' ? given : 400;
  const id = { 'x-amzn-requestid': requestId };
  switch (protocol) {
    case 'cbor':
      return {
        status,
        headers: { ...id, 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' },
        body: cbor.serialize({ __type: code, message }),
      };
    case 'query':
      return {
        status,
        headers: { ...id, 'content-type': 'text/xml' },
        body:
          `<ErrorResponse><Error><Type>Sender</Type><Code>${escapeXml(code)}</Code>` +
          `<Message>${escapeXml(message)}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
      };
    case 's3':
      return {
        status: code === 'NoSuchKey' || code === 'NotFound' ? 404 : status,
        headers: { 'x-amz-request-id': requestId, 'content-type': 'application/xml' },
        body: `<Error><Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message></Error>`,
      };
    default:
      return {
        status,
        headers: { ...id, 'content-type': JSON_TYPE, 'x-amzn-errortype': code },
        body: JSON.stringify({ __type: code, message }),
      };
  }
}

const JSON_TYPE = 'application/x-amz-json-1.1';

function writeInvokeOutput(
  output: ServiceData,
  id: Readonly<Record<string, string>>,
): HttpResponse {
  const { StatusCode = 200, FunctionError, Payload = '' } = output;
  return {
    status: Number(StatusCode),
    headers: {
      ...id,
      ...(FunctionError === undefined ? {} : { 'x-amz-function-error': String(FunctionError) }),
    },
    body: bytesOf(Payload),
  };
}

/** `Body` is the content; everything else that is text is a header, as S3 has them. */
function writeS3Output(output: ServiceData, id: Readonly<Record<string, string>>): HttpResponse {
  const { Body, ETag, ContentType, Metadata, ...rest } = output;
  const metadata = Object.entries((Metadata ?? {}) as Readonly<Record<string, string>>);
  const headers = {
    ...id,
    ...(ETag === undefined ? {} : { etag: String(ETag) }),
    ...(ContentType === undefined ? {} : { 'content-type': String(ContentType) }),
    ...Object.fromEntries(metadata.map(([name, value]) => [`x-amz-meta-${name}`, value])),
  };
  if (Body !== undefined) return { status: 200, headers, body: bytesOf(Body) };
  const isEmpty = Object.keys(rest).length === 0;
  const body = isEmpty ? '' : `<ListBucketResult>${xmlOf(rest, 'flat')}</ListBucketResult>`;
  return { status: 200, headers, body };
}

function bytesOf(value: unknown): string | Uint8Array {
  if (typeof value === 'string' || value instanceof Uint8Array) return value;
  return JSON.stringify(value);
}

/** Binary values are Base64. */
function jsonOf(output: ServiceData): string {
  return JSON.stringify(output, (_name, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
  );
}

/** Lists are members of an element, or, `flat`, elements of the same name. */
function xmlOf(value: unknown, lists: 'members' | 'flat' = 'members'): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'object') return escapeXml(String(value));
  return Object.entries(value)
    .map(([name, member]) => {
      if (!Array.isArray(member)) return `<${name}>${xmlOf(member, lists)}</${name}>`;
      if (lists === 'flat')
        return member.map((each) => `<${name}>${xmlOf(each, lists)}</${name}>`).join('');
      return `<${name}>${member.map((each) => `<member>${xmlOf(each, lists)}</member>`).join('')}</${name}>`;
    })
    .join('');
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
