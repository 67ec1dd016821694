/** `simulate redrive`: shows what was quarantined or discarded, and puts it back if asked. */
import type { RedriveOptions } from '../../ops/redrive/redrive-stage.ts';
import { defineCommand } from '../command.ts';
import { EXIT_OF_VERDICT } from '../exit-status.ts';
import { unset } from '../options/option.ts';
import { refuseProduction, requireStage, stageOption, toggle } from '../options/shared-options.ts';
import { text } from '../options/values.ts';

const OPTIONS = {
  stage: stageOption('Stage whose quarantine and failure queue are shown'),
  all: toggle('Put back everything'),
  reason: {
    describe: 'Put back what was quarantined or discarded for this REASON, as it is shown',
    read: text,
    ...unset(),
    excludes: ['all'],
  },
  yes: toggle('Allow it on production stages'),
};

export const redrive = defineCommand({
  name: 'redrive',
  summary: 'Show what was quarantined or discarded, and put it back onto the stream',
  description:
    'Shows the records in the quarantine and in the failure queue of a stage, and puts them back onto its stream if ' +
    'asked. An event that was applied before has no effect again; a malformed record returns to the quarantine.',
  options: OPTIONS,
  examples: [
    ['redrive --stage dev', 'show what is there'],
    ['redrive --stage dev --all', 'put back all of it'],
    ['redrive --stage dev --reason "eventId is missing"', 'after the rule was changed'],
    ['redrive --stage dev --reason RetryAttemptsExhausted', 'batches that Lambda discarded'],
  ],
  exits: { 0: 'done', 3: 'some could not be put back', 69: "AWS can't be reached" },
  read({ all, reason, yes, ...values }): RedriveOptions {
    const stage = requireStage(values.stage, 'redrive');
    const what = all ? 'all' : reason === undefined ? undefined : { reason };
    if (what !== undefined) refuseProduction(stage, yes, 'put records onto its stream');
    return { stage, what };
  },
  async start(options, { io, print, progress, signal }) {
    const { redriveStage } = await import('../../ops/redrive/redrive-stage.ts');
    const parts = { environment: io.env, now: Date.now, print, progress, signal };
    const isWhole = await redriveStage(options, parts);
    return EXIT_OF_VERDICT[isWhole ? 'converged' : 'unknown'];
  },
});
