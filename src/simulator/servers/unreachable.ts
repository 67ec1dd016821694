/** A server that is there, or was, and can't be talked to: said by its name instead of a stack. */

import { SimulatorError } from '../model/errors.ts';

export class ServerUnreachable extends SimulatorError {
  override readonly name = 'ServerUnreachable';
  /** Of the connection's error, such as `ECONNREFUSED`: whoever tries again goes by it. */
  readonly code: string | undefined;

  constructor(server: string, endpoint: string, cause: unknown) {
    super('unavailable', `${server} at ${endpoint} can't be reached: ${problemOf(cause)}`, {
      cause,
    });
    this.code = codeOf(cause);
  }
}

type Next<Args, Output> = (args: Args) => Promise<Output>;

/**
 * Middleware of an SDK client: what keeps a request from being answered names the server. `explained`: what is
 * known better of an error; undefined: nothing.
 */
export function namingServer(
  server: string,
  endpoint: string,
  explained: (error: unknown) => Error | undefined = () => undefined,
) {
  return <Args, Output>(next: Next<Args, Output>): Next<Args, Output> =>
    async (args) => {
      try {
        return await next(args);
      } catch (error) {
        const said = explained(error) ?? (isAnswer(error) ? error : undefined);
        throw said ?? new ServerUnreachable(server, endpoint, error);
      }
    };
}

/** An error that the server itself gave, as a service of AWS does. */
function isAnswer(error: unknown): boolean {
  if (codeOf(error) !== undefined) return false;
  const { $fault, name } = error as { readonly $fault?: unknown; readonly name?: unknown };
  // Of another service, or of none.
  return $fault !== undefined && name !== 'UnknownOperationException' && name !== 'UnknownError';
}

function problemOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  // Of a name with several addresses, all of them tried.
  const errors: readonly unknown[] = cause instanceof AggregateError ? cause.errors : [cause];
  const messages = errors.map((error) => (error instanceof Error ? error.message : String(error)));
  return messages.filter((message) => message !== '').join(', ') || cause.name;
}

function codeOf(error: unknown): string | undefined {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return typeof code === 'string' && /^E[A-Z_]+$/.test(code) ? code : undefined;
}
