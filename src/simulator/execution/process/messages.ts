/** Messages between a worker process and its pool. */

/** An error of the handler. */
export interface ErrorReport {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
}

export interface InvokeMessage {
  readonly type: 'invoke';
  readonly event: unknown;
  readonly requestId: string;
  readonly timeoutMs: number;
}

export type WorkerMessage =
  | { readonly type: 'ready' }
  /** The handler can't be loaded. */
  | { readonly type: 'unusable'; readonly error: ErrorReport }
  /** JSON, as Lambda serialises the result. */
  | { readonly type: 'returned'; readonly json: string }
  | { readonly type: 'threw'; readonly error: ErrorReport }
  /** An uncaught exception or rejection; the process exits next. */
  | { readonly type: 'crashed'; readonly error: ErrorReport }
  /** For the user, once a worker. */
  | { readonly type: 'note'; readonly text: string };

export function reportOf(error: unknown): ErrorReport {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  return {
    name: error.name,
    message: error.message,
    ...(error.stack === undefined ? {} : { stack: error.stack }),
  };
}
