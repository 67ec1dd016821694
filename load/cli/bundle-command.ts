/** `npm run load -- bundle`: its options. */
import path from 'node:path';
import { type Command, defineCommand } from '../../src/cli/command.ts';
import { fixed, unset } from '../../src/cli/options/option.ts';
import { resolveRun } from '../../src/cli/options/run-options.ts';
import { AWS_OPTIONS } from '../../src/cli/options/run-table.ts';
import { refuseProduction, requireStage, toggle } from '../../src/cli/options/shared-options.ts';
import { text } from '../../src/cli/options/values.ts';
import type { BundleOptions } from '../bundle.ts';

const { stage, prefix, yes } = AWS_OPTIONS;
const OPTIONS = {
  stage,
  seed: {
    describe: 'Any text; the same seed makes the same events in each worker',
    read: text,
    ...unset('drawn and printed'),
  },
  prefix,
  out: { describe: 'Folder to make', read: text, ...fixed(path.join('out', 'load')) },
  clean: toggle('Remove rows of earlier runs with this prefix first'),
  yes,
};

export function bundleCommand(environment: NodeJS.ProcessEnv): Command {
  return defineCommand({
    name: 'bundle',
    summary: 'Prepare the runs for workers elsewhere (run-fargate, run-lambda)',
    description:
      "Makes a folder with the runs and the engine for the workers of artillery's run-fargate and run-lambda.",
    options: OPTIONS,
    examples: [
      [
        'bundle --stage sim --prefix big',
        'then: npm run artillery -- run-fargate out/load/ramp.yml',
      ],
      ['bundle --stage sim --prefix big --clean', 'removes its rows from the tables'],
    ],
    exits: {
      0: 'made',
      64: 'wrong usage, or tables with rows that no simulation made',
      69: "AWS can't be reached",
    },
    read({ out, yes, ...values }, context): BundleOptions {
      const { seed = context.drawSeed() } = values;
      const stage = requireStage(values.stage, 'bundle');
      refuseProduction(stage, yes, 'make runs that fill its tables');
      const { prefix } = resolveRun(values, seed);
      return { ...values, stage, seed, prefix, out: path.resolve(context.cwd, out) };
    },
    async start(options, context) {
      return (await import('../bundle.ts')).bundle(options, environment, context);
    },
  });
}
