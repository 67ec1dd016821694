/** Options that several commands share, and the checks that go with them. */
import { SimulatorError } from '../../simulator/model/errors.ts';
import { fixed, unset } from './option.ts';
import { folder, onOff, stageName, whole } from './values.ts';

export const OUT_OPTION = {
  describe: 'Parent directory for results; --no-out keeps none',
  read: folder,
  ...fixed('runs'),
  isShared: true,
} as const;

export function toggle(describe: string) {
  return { describe, read: onOff, ...fixed(false) };
}

export const JOBS_OPTION = {
  describe: 'Processes to use',
  read: whole(1, 64, 2),
  ...fixed('2'),
} as const;

export function stageOption(describe: string) {
  return { describe, read: stageName, ...unset() };
}

/** For a command that works on nothing else. */
export function requireStage(stage: string | undefined, command: string): string {
  if (stage !== undefined) return stage;
  throw new SimulatorError(
    'usage',
    `${command} takes the stage of a deployed stack: add --stage dev`,
  );
}

/** Throws a `SimulatorError` in one line unless it is allowed. `effect`: what would happen to the stage. */
export function refuseProduction(stage: string, isAllowed: boolean, effect: string): void {
  if (isAllowed || !PRODUCTION.test(stage)) return;
  throw new SimulatorError(
    'usage',
    `the stage ${stage} is production by its name, and this would ${effect}: add --yes to allow it`,
  );
}

/** As a word of its own, such as in `eu-prod` and `prod2`. */
const PRODUCTION = /(^|-)(prod|production|prd|live)\d*(-|$)/i;
