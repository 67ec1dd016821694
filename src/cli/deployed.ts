/** What the command line may ask of a deployed stack. */
import { SimulatorError } from '../simulator/model/errors.ts';
import type { RunOptions } from '../simulator/model/run-options.ts';
import { FLAGS, NOT_OF_AWS, OF_AWS_ALONE } from './flags.ts';
import { refuseProduction } from './production.ts';
import type { Given } from './subcommand.ts';

/** Throws a `SimulatorError` unless what is asked of a deployed stack, or not of one, can be had there. */
export function checkDeployed(given: Given, options: RunOptions): void {
  const isGiven = (key: keyof RunOptions): boolean => given[FLAGS[key].name] !== undefined;
  if (options.world !== 'aws') {
    const alone = OF_AWS_ALONE.find(isGiven);
    if (alone === undefined) return;
    const { name } = FLAGS[alone];
    throw new SimulatorError('usage', `--${name} is about a deployed stack: add --world aws`);
  }
  const foreign = NOT_OF_AWS.find(isGiven);
  if (foreign !== undefined) {
    throw new SimulatorError(
      'usage',
      `--${FLAGS[foreign].name} means nothing to --world aws, where the stream, its delivery, faults and ` +
        "handler are the stack's own: leave it out",
    );
  }
  if (options.stage === undefined) {
    const right = '--world aws --stage dev';
    throw new SimulatorError('usage', `--world aws takes the stage of a deployed stack: ${right}`);
  }
  refuseProduction(options.stage, options.yes, 'fill its tables with made-up sales');
}
