/** Where `explain` and `leaderboard` look: a stored run, or a stage's live tables. */
import { SimulatorError } from '../simulator/model/errors.ts';
import { unset } from './flag.ts';
import { openedRun } from './stored-run.ts';
import { stageFlag, type Taken } from './subcommand-flags.ts';
import type { Words } from './take.ts';
import { text } from './values.ts';

export type Source =
  /** `folder`: of the run, absolute. */
  | { readonly kind: 'run'; readonly folder: string }
  | { readonly kind: 'stage'; readonly stage: string };

const LATEST = 'runs/latest';

export const SOURCE_FLAGS = {
  run: { describe: 'Folder of a stored run', read: text, ...unset(LATEST) },
  stage: stageFlag('The live tables of a stage instead'),
};

export function sourceOf({ run, stage }: Taken<typeof SOURCE_FLAGS>, words: Words): Source {
  if (run !== undefined && stage !== undefined) {
    throw new SimulatorError(
      'usage',
      '--run and --stage exclude each other: a stored run, or live tables',
    );
  }
  if (stage !== undefined) return { kind: 'stage', stage };
  return { kind: 'run', folder: openedRun(run ?? LATEST, words) };
}
