/** What a watchdog is told, and what it reports. */

export interface WatchdogOptions {
  /** How long the handler's code may run without returning to the event loop, in real milliseconds. */
  readonly stuckMsMax: number;
  /** Of the whole process. */
  readonly memoryBytesMax: number;
  /** The file whose code is the handler's. */
  readonly bundle: string;
  /** What the watchdog saw is in it when it has ended the process. */
  readonly reportFile: string;
}

export type WatchdogReport =
  | { readonly kind: 'stuck'; readonly ms: number; readonly frames: readonly Frame[] }
  | { readonly kind: 'memory'; readonly memoryBytes: number; readonly frames: readonly Frame[] };

/** One of the stack; line and column are counted from 0, in the bundle. */
export interface Frame {
  readonly functionName: string;
  readonly url: string;
  readonly line: number;
  readonly column: number;
}

export interface WatchdogData extends WatchdogOptions {
  readonly beats: Int32Array;
}
