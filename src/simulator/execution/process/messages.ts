/** Messages between a worker process and its pool. */
import type { ErrorDescription } from '../source-lines.ts';
import type { LoadableHandler } from './import-handler.ts';

/** An error of the handler. */
export type ErrorReport = ErrorDescription;

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
  /** The handler needs something that is not simulated: what else it does proves nothing. */
  | { readonly type: 'not-simulated'; readonly feature: string };

/** What a worker process hosts, as its only argument in JSON. */
export interface WorkerStart {
  readonly handler: LoadableHandler;
  readonly network: { readonly port: number; readonly allow: readonly string[] };
}
