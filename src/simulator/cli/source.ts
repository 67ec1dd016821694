/** Where `explain` and `leaderboard` look: a stored run, or a stage's live tables. */
import { SimulatorError } from '../errors.ts';
import { openedRun } from './stored-run.ts';
import type { Given } from './subcommand.ts';
import { taker, type Words } from './take.ts';
import { stageName, text } from './values.ts';

export type Source =
  /** `folder`: of the run, absolute. */
  | { readonly kind: 'run'; readonly folder: string }
  | { readonly kind: 'stage'; readonly stage: string };

export const SOURCE_FLAGS = {
  run: ['Folder of a stored run', 'runs/latest'],
  stage: ['The live tables of a stage instead', 'none'],
} as const;

export function sourceOf(given: Given, words: Words): Source {
  const take = taker(given, words.cwd);
  const run = take('run', text, undefined);
  const stage = take('stage', stageName, undefined);
  if (run !== undefined && stage !== undefined) {
    throw new SimulatorError(
      'usage',
      '--run and --stage exclude each other: a stored run, or live tables',
    );
  }
  if (stage !== undefined) return { kind: 'stage', stage };
  return { kind: 'run', folder: openedRun(run ?? 'runs/latest', words) };
}
