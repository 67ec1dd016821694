/** What stands behind every request of a handler: the simulated DynamoDB, the workload's services, or nothing. */
import type { GatewayResult } from '../../dynamodb/gateway/request.ts';
import type { ServiceData, Services } from '../../model/services.ts';
import { nameOf } from '../network/destination.ts';
import type { HttpRequest, HttpResponse } from '../network/http-exchange.ts';
import { defaultAnswer } from './default-answers.ts';
import { writeResult } from './dynamodb-json.ts';
import { type AwsRequest, recognizeRequest } from './recognize-request.ts';
import { writeError, writeOutput } from './write-response.ts';

export interface AwsAnswersParts<Owner> {
  readonly services: Services;
  /** Of DynamoDB, in its JSON. */
  dynamoDb(operation: string, input: ServiceData, owner: Owner): Promise<GatewayResult>;
  /** Told of each request to another service that has an answer. */
  requested(request: AwsRequest, owner: Owner): void;
  /** The way to that service and back. Resolves in the owner's environment. */
  travel(owner: Owner): Promise<void>;
  /** Nothing answers it: `what` completes "the handler uses ...", `remedy` says how to give an answer. */
  unanswered(what: string, remedy: string, owner: Owner): void;
}

export type AnswerAws<Owner> = (
  request: HttpRequest,
  owner: Owner,
) => Promise<HttpResponse | 'lost'>;

export function createAwsAnswers<Owner>(parts: AwsAnswersParts<Owner>): AnswerAws<Owner> {
  let requests = 0;
  const nextRequestId = (): string => idOf('1', ++requests);
  let sent = 0;
  const nextId = (): string => idOf('2', ++sent);
  const never = (): Promise<never> => new Promise(() => {});

  const answerService = async (request: AwsRequest, owner: Owner): Promise<HttpResponse> => {
    const { service, operation, input } = request;
    const stated = parts.services[service]?.[operation];
    const byDefault = stated === undefined ? defaultAnswer(request, nextId) : undefined;
    if (stated === undefined && byDefault === undefined) {
      parts.unanswered(`${service} ${operation}`, remedyFor(request), owner);
      return never();
    }
    parts.requested(request, owner);
    await parts.travel(owner);
    try {
      const output = typeof stated === 'function' ? await stated(input) : (stated ?? byDefault);
      return writeOutput(request, output ?? {}, nextRequestId());
    } catch (error) {
      return writeError(request, error as Error, nextRequestId());
    }
  };

  return async (request, owner) => {
    const aws = recognizeRequest(request);
    if (aws?.service === 'dynamodb') {
      const answer = await parts.dynamoDb(aws.operation, aws.input, owner);
      return answer.kind === 'lost' ? 'lost' : writeResult(answer, nextRequestId());
    }
    if (aws !== undefined) return answerService(aws, owner);
    const name = nameOf(request.destination);
    // A service that is not AWS's, by its host: the whole exchange is the workload's.
    const stated = parts.services[name]?.[request.method] ?? parts.services[name]?.['*'];
    if (stated === undefined) {
      parts.unanswered(`${request.method} ${name}`, remedyForHost(name), owner);
      return never();
    }
    await parts.travel(owner);
    const { method, path, headers, body } = request;
    const asked = { method, path, headers, body: body.toString() };
    const output = typeof stated === 'function' ? await stated(asked) : stated;
    return httpResponseOf(output);
  };
}

/** `{ status, headers, body }`, each of which may be left out; a body that is no text is JSON. */
function httpResponseOf({ status = 200, headers = {}, body = '' }: ServiceData): HttpResponse {
  const isPlain = typeof body === 'string' || body instanceof Uint8Array;
  return {
    status: Number(status),
    headers: {
      ...(isPlain ? {} : { 'content-type': 'application/json' }),
      ...(headers as Readonly<Record<string, string>>),
    },
    body: isPlain ? body : JSON.stringify(body),
  };
}

function remedyFor({ service, operation }: AwsRequest): string {
  const key = /^[a-z]\w*$/.test(service) ? service : `'${service}'`;
  const name = /^\w+$/.test(operation) ? operation : `'${operation}'`;
  return `state its answer in the workload: services: { ${key}: { ${name}: (input) => ({ ... }) } }`;
}

function remedyForHost(name: string): string {
  return `state its answer in the workload: services: { '${name}': { '*': (request) => ({ body: ... }) } }`;
}

/** Shaped as AWS's ids, and the same in every run. */
function idOf(kind: string, number: number): string {
  return `${kind}0000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}
