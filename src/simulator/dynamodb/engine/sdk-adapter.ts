/**
 * Puts a simulated DynamoDB where SDK v3 clients send their commands: `send` is replaced, so
 * nothing is serialised, signed or retried. For a document client, the marshalling is
 * lib-dynamodb's own, with the client's own `translateConfig`. Inputs are read when a request is
 * executed: whoever delays one must not let its caller change it meanwhile.
 */
/** A DynamoDBClient or DynamoDBDocumentClient, as far as this module looks at it. */
export interface PluggableClient {
  send: (...parameters: never[]) => unknown;
  readonly config?: unknown;
}

/**
 * Executes one request, now or later, and answers or throws what the client's caller gets: the
 * database's own `execute`, or whatever delays, faults and records it on the way there.
 */
export type Execute = (
  operation: string,
  input: object,
  abortSignal: AbortSignal | undefined,
) => Promise<object> | object;

/**
 * Plugs one client, or, given the prototype of DynamoDBClient or DynamoDBDocumentClient, all that
 * a handler makes for itself. Returns what puts the former `send` back.
 */
export function plug(client: PluggableClient, execute: Execute): () => void {
  function send(this: PluggableClient, command: SentCommand, ...rest: unknown[]) {
    const [options] = rest as [{ readonly abortSignal?: AbortSignal } | undefined];
    const answer = sent(command, this, async (operation, input) => {
      const output = await execute(operation, input, options?.abortSignal);
      return '$metadata' in output ? output : { $metadata: { ...METADATA }, ...output };
    });
    const callback = rest.find((parameter) => typeof parameter === 'function');
    if (!callback) return answer;
    answer.then(
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

function sent(command: SentCommand, client: PluggableClient, request: Request): Promise<object> {
  const inner = command.clientCommand;
  if (!inner) return request(operationOf(command), command.input);
  return sentAsDocument(command, operationOf(inner), client, request);
}

/** "PutItemCommand" sends "PutItem". Found out once for each class: a search asks a million times. */
export function operationOf(command: object): string {
  const made = command.constructor;
  const known = operations.get(made);
  if (known !== undefined) return known;
  const operation = made.name.replace(/Command(\$\d+)?$/, '');
  operations.set(made, operation);
  return operation;
}

const operations = new Map<unknown, string>();

/**
 * lib-dynamodb's commands add two middlewares to the stack of the command they wrap, one that
 * marshalls the input and one that unmarshalls the output. Given a stack of ours, they hand them
 * to us instead.
 */
async function sentAsDocument(
  command: SentCommand,
  operation: string,
  client: PluggableClient,
  request: Request,
): Promise<object> {
  const middlewares: Middleware[] = [];
  const middlewareStack = {
    addRelativeTo(middleware: Middleware) {
      middlewares.push(middleware);
    },
  };
  const stand = Object.create(command, { clientCommand: { value: { middlewareStack } } });
  command.addMarshallingMiddleware?.call(stand, client.config);
  const terminal: Handler = async ({ input }) => ({ output: await request(operation, input) });
  const handler = middlewares.reduceRight((next, middleware) => middleware(next, {}), terminal);
  const { output } = await handler({ input: command.input });
  return output;
}
