/** What a worker process and its pool say to each other. */

/** Of an error that the handler threw, or that made it unusable. */
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
  /** No handler could be had: nothing was invoked, nothing ever will be. */
  | { readonly type: 'unusable'; readonly error: ErrorReport }
  /** JSON, as Lambda would pass it on. */
  | { readonly type: 'returned'; readonly json: string }
  | { readonly type: 'threw'; readonly error: ErrorReport }
  /** An exception or rejection that nobody caught; the process ends next. */
  | { readonly type: 'crashed'; readonly error: ErrorReport }
  /** For a person, once a worker. */
  | { readonly type: 'note'; readonly text: string };

export function reportOf(error: unknown): ErrorReport {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  return {
    name: error.name,
    message: error.message,
    ...(error.stack === undefined ? {} : { stack: error.stack }),
  };
}
