/** What a search leaves behind: its result, what it printed, and the runs that failed. */
import { RESULT_VERSION } from '../model/run-result.ts';
import { formatJunit, type JunitCase } from '../report/junit.ts';
import { createFolder, folderName, type Origin } from './folder.ts';
import { formatStoredResult, type StoredResult } from './result-file.ts';

export interface KeptSearch {
  /** Of the folder. */
  readonly path: string;
  /** A file of its own, such as a counterexample; the path of it. */
  write(file: string, text: string): string;
  finish(
    result: Omit<StoredResult, 'version' | 'command' | 'startedAt' | 'versions'>,
    cases: readonly JunitCase[],
  ): void;
}

/** Throws a `SimulatorError` where the folder can't be made. */
export function keepSearch(
  { out, startedAt, versions }: Origin,
  command: StoredResult['command'],
  name: string,
): KeptSearch {
  const at = startedAt.toISOString();
  const folder = createFolder(out, folderName(at, `${command}-${name}`));
  return {
    path: folder.path,
    write(file, text) {
      folder.write(file, text);
      return `${folder.path}/${file}`;
    },
    finish(result, cases) {
      folder.write('junit.xml', formatJunit(`simulate ${command}`, at, cases));
      folder.write(
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
  };
}
