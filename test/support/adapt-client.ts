/**
 * Connects SDK v3 clients to a simulated DynamoDB by replacing `send`: nothing is serialised,
 * signed or retried. A document client marshalls with lib-dynamodb's own code and its own
 * `translateConfig`. The input is not copied: a request that is executed later must be copied by
 * the executor.
 */
import { operationOf } from '../../src/simulator/dynamodb/engine/operation-of.ts';

/** The part of a DynamoDBClient or DynamoDBDocumentClient that the adapter uses. */
export interface SdkClient {
  send: (...parameters: never[]) => unknown;
  readonly config?: unknown;
}

/** Executes a request, now or later; returns or throws what the client's caller gets. */
export type Execute = (
  operation: string,
  input: object,
  abortSignal: AbortSignal | undefined,
) => Promise<object> | object;

/**
 * Adapts one client, or all clients of a class through its prototype. Returns a function that
 * restores the original `send`.
 */
export function adaptClient(client: SdkClient, execute: Execute): () => void {
  function send(this: SdkClient, command: SentCommand, ...rest: unknown[]) {
    const [options] = rest as [{ readonly abortSignal?: AbortSignal } | undefined];
    const result = sent(command, this, async (operation, input) => {
      const output = await execute(operation, input, options?.abortSignal);
      return '$metadata' in output ? output : { $metadata: { ...METADATA }, ...output };
    });
    const callback = rest.find((parameter) => typeof parameter === 'function');
    if (!callback) return result;
    result.then(
      (output) => callback(null, output),
      (error: unknown) => callback(error),
    );
    return undefined;
  }
  const own = Object.getOwnPropertyDescriptor(client, 'send');
  Object.defineProperty(client, 'send', { value: send, configurable: true, writable: true });
  return () => {
    if (own) Object.defineProperty(client, 'send', own);
    else Reflect.deleteProperty(client, 'send');
  };
}

interface SentCommand {
  readonly input: object;
  /** The command that a document client's command wraps. */
  readonly clientCommand?: SentCommand;
  addMarshallingMiddleware?(this: object, config: unknown): void;
}

type Request = (operation: string, input: object) => Promise<object>;
type Handler = (args: { input: object }) => Promise<{ output: object }>;
type Middleware = (next: Handler, context: object) => Handler;

const METADATA = { httpStatusCode: 200, attempts: 1, totalRetryDelay: 0 };

function sent(command: SentCommand, client: SdkClient, request: Request): Promise<object> {
  const inner = command.clientCommand;
  if (!inner) return request(operationOf(command), command.input);
  return sentAsDocument(command, operationOf(inner), client, request);
}

/**
 * A lib-dynamodb command adds two middlewares to the stack of the command that it wraps: one
 * marshalls the input, the other unmarshalls the output. A stack of our own collects them.
 */
async function sentAsDocument(
  command: SentCommand,
  operation: string,
  client: SdkClient,
  request: Request,
): Promise<object> {
  const middlewares: Middleware[] = [];
  const middlewareStack = {
    addRelativeTo(middleware: Middleware) {
      middlewares.push(middleware);
    },
  };
  const substitute = Object.create(command, { clientCommand: { value: { middlewareStack } } });
  command.addMarshallingMiddleware?.call(substitute, client.config);
  const terminal: Handler = async ({ input }) => ({ output: await request(operation, input) });
  const handler = middlewares.reduceRight((next, middleware) => middleware(next, {}), terminal);
  const { output } = await handler({ input: command.input });
  return output;
}
