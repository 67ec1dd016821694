/** A stage that people depend on is touched only by somebody who says so. */
import { SimulatorError } from '../simulator/model/errors.ts';

/** Throws a `SimulatorError` in one line; `what`: what would happen to the stage. */
export function refuseProduction(stage: string, isMeant: boolean, what: string): void {
  if (isMeant || !PRODUCTION.test(stage)) return;
  throw new SimulatorError(
    'usage',
    `the stage ${stage} is production by its name, and this would ${what}: add --yes if that is meant`,
  );
}

/** As a word of its own, such as in `eu-prod` and `prod2`. */
const PRODUCTION = /(^|-)(prod|production|prd|live)\d*(-|$)/i;
