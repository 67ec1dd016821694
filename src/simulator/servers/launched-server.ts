/** What a launcher returns: a child process that serves requests at an endpoint. */
import type { ChildProcess } from 'node:child_process';

export interface LaunchedServer {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly endpoint: string;
  /** Resolves when the process has ended, with the end of its stderr. */
  readonly ended: Promise<string>;
}
