/** The folder of a search: its result, what it printed, and the runs that failed. */
import { RESULT_VERSION } from '../model/run-result.ts';
import { formatJunit, type JunitCase } from '../report/junit.ts';
import { createFolder, folderName, type Origin } from './folder.ts';
import { formatStoredResult, type StoredResult } from './result-file.ts';

export interface KeptSearch {
  /** Of the folder, which is the latest from its first file on. */
  readonly path: string;
  /** Writes another file, such as a counterexample, and returns its path. */
  write(file: string, text: string): string;
  finish(
    result: Omit<StoredResult, 'version' | 'command' | 'startedAt' | 'versions'>,
    cases: readonly JunitCase[],
  ): void;
  /** Removes the folder if nothing was written. */
  close(): void;
}

/** Throws a `SimulatorError` where the folder can't be made. */
export function keepSearch(
  { out, startedAt, versions }: Origin,
  command: StoredResult['command'],
  name: string,
): KeptSearch {
  const at = startedAt.toISOString();
  const folder = createFolder(out, folderName(at, `${command}-${name}`));
  let isEmpty = true;
  const write = (file: string, text: string): void => {
    if (isEmpty) folder.publish();
    isEmpty = false;
    folder.write(file, text);
  };
  return {
    path: folder.path,
    write(file, text) {
      write(file, text);
      return `${folder.path}/${file}`;
    },
    finish(result, cases) {
      write('junit.xml', formatJunit(`simulate ${command}`, at, cases));
      write(
        'result.json',
        formatStoredResult({
          version: RESULT_VERSION,
          command,
          startedAt: at,
          versions,
          ...result,
        }),
      );
    },
    close() {
      if (isEmpty) folder.remove();
    },
  };
}
