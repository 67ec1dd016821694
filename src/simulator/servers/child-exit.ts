import type { ChildProcess } from 'node:child_process';

const TAIL_CHARS = 4_000;

/** Drains a child's output. Resolves at its exit with the end of its stderr, or its exit status. */
export function childExit(child: ChildProcess): Promise<string> {
  let tail = '';
  child.stdout?.resume();
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    tail = (tail + text).slice(-TAIL_CHARS);
  });
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) =>
      resolve(tail.trim() || (signal === null ? `exit status ${code}` : signal)),
    );
  });
}
