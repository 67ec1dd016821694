/** `npm run load -- bundle`: its flags and options. */
import path from 'node:path';
import type { Argv } from 'yargs';
import { defaultOptions, FLAGS } from '../../src/cli/flags.ts';
import type { ParseContext } from '../../src/cli/options.ts';
import { refuseProduction } from '../../src/cli/production.ts';
import type { Given, Work } from '../../src/cli/subcommand.ts';
import { described, refuse, taker } from '../../src/cli/take.ts';
import { onOff, stageName, text } from '../../src/cli/values.ts';
import { SimulatorError } from '../../src/simulator/model/errors.ts';
import type { BundleOptions } from '../bundle.ts';

const OWN_FLAGS = {
  stage: ['The stage of the stack, winner-view-STAGE', 'none'],
  seed: ['Any text; the same seed makes the same events in each worker', 'drawn and printed'],
  prefix: [FLAGS.prefix.describe, FLAGS.prefix.byDefault],
  out: ['Folder to make', 'out/load'],
  clean: ['Remove rows of earlier runs with this prefix first', 'off'],
  yes: [FLAGS.yes.describe, 'off'],
} as const;

export function describeBundle(parser: Argv): Argv {
  return described(parser, OWN_FLAGS)
    .usage(
      '$0 bundle --stage STAGE [flags]\n\nMakes a folder with the runs and the engine for the workers of ' +
        "artillery's run-fargate and run-lambda.",
    )
    .example([
      [
        '$0 bundle --stage sim --prefix big',
        'then: npm run artillery -- run-fargate out/load/ramp.yml',
      ],
      ['$0 bundle --stage sim --prefix big --clean', 'removes its rows from the tables'],
    ])
    .epilogue(
      'Exit status: 0 made, 64 wrong usage (also tables with rows that no simulation made), ' +
        "69 AWS can't be reached, 70 a bug of ours, 130 Ctrl-C.",
    );
}

/** Throws a `SimulatorError`. */
export function readBundle(
  given: Given,
  { cwd, drawSeed, workloadDefaults }: ParseContext,
  environment: NodeJS.ProcessEnv,
): Work {
  refuse(given, Object.keys(OWN_FLAGS), 1);
  const take = taker(given, cwd);
  const stage = take('stage', stageName, undefined);
  if (stage === undefined) {
    const right = 'bundle --stage dev';
    throw new SimulatorError('usage', `bundle takes the stage of a deployed stack: ${right}`);
  }
  const seed = take('seed', text, undefined) ?? drawSeed();
  const { prefix } = defaultOptions({ seed, count: 1, shuffle: false }, workloadDefaults);
  const options: BundleOptions = {
    stage,
    seed,
    prefix: take('prefix', FLAGS.prefix.read, prefix),
    clean: take('clean', onOff, false),
    out: path.resolve(cwd, take('out', text, path.join('out', 'load'))),
  };
  refuseProduction(stage, take('yes', onOff, false), 'make runs that fill its tables');
  return async (context) => (await import('../bundle.ts')).bundle(options, environment, context);
}
