/** `simulate show`: a stored run as it was printed at its end. */
import { formatResult } from '../simulator/report/terminal.ts';
import { readStoredResult } from '../simulator/runs/result-file.ts';
import { EXIT_OF_VERDICT } from './exit.ts';
import type { WorkContext } from './subcommand.ts';

export async function showCommand(folder: string, { print, style }: WorkContext): Promise<number> {
  const { run, text, verdict } = readStoredResult(folder);
  print(run === undefined ? (text ?? '') : formatResult(run, style));
  return EXIT_OF_VERDICT[verdict];
}
