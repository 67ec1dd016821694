/** A server can't be reached: an error that names it. */
import { SimulatorError } from '../model/errors.ts';

export class ServerUnreachable extends SimulatorError {
  override readonly name = 'ServerUnreachable';
  /** The connection error's code, such as `ECONNREFUSED`, from which a retry is decided. */
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
 * Middleware of an SDK client: a request without a response throws `ServerUnreachable`. `explain`
 * may replace any error by a better one.
 */
export function nameServerInErrors(
  server: string,
  endpoint: string,
  explain: (error: unknown) => Error | undefined = () => undefined,
) {
  return <Args, Output>(next: Next<Args, Output>): Next<Args, Output> =>
    async (args) => {
      try {
        return await next(args);
      } catch (error) {
        const known = explain(error) ?? (isResponse(error) ? error : undefined);
        throw known ?? new ServerUnreachable(server, endpoint, error);
      }
    };
}

/** An error response of the service, as opposed to a connection error. */
function isResponse(error: unknown): boolean {
  if (codeOf(error) !== undefined) return false;
  const { $fault, name } = error as { readonly $fault?: unknown; readonly name?: unknown };
  // These come from another service, or from something that isn't one.
  return $fault !== undefined && name !== 'UnknownOperationException' && name !== 'UnknownError';
}

function problemOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  // Every address of the host was tried.
  const errors: readonly unknown[] = cause instanceof AggregateError ? cause.errors : [cause];
  const messages = errors.map((error) => (error instanceof Error ? error.message : String(error)));
  return messages.filter((message) => message !== '').join(', ') || cause.name;
}

function codeOf(error: unknown): string | undefined {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return typeof code === 'string' && /^E[A-Z_]+$/.test(code) ? code : undefined;
}
