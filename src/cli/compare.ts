/** `simulate compare`: two stored runs side by side. */
import { formatComparison } from '../simulator/report/comparison.ts';
import { readStoredResult } from '../simulator/runs/result-file.ts';
import type { WorkContext } from './subcommand.ts';

export async function compareCommand(
  [left, right]: readonly [string, string],
  { print }: WorkContext,
): Promise<number> {
  print(formatComparison(readStoredResult(left), readStoredResult(right)));
  return 0;
}
