/** `simulate audit`: checks a stage's tables against each other, and repairs them if asked. */
import type { AuditOptions } from '../../ops/audit/audit-stage.ts';
import { defineCommand } from '../command.ts';
import { EXIT_OF_VERDICT } from '../exit-status.ts';
import { unset } from '../options/option.ts';
import { refuseProduction, requireStage, stageOption, toggle } from '../options/shared-options.ts';
import { duration } from '../options/values.ts';

const OPTIONS = {
  stage: stageOption('Stage whose tables are checked'),
  repair: toggle('Repair rows that are wrong; the handler may go on running'),
  pause: {
    describe: 'Time between two reads of a row that looks wrong, such as 5s',
    read: duration,
    ...unset('3s; 70s for a row that an invocation has not finished'),
  },
  yes: toggle('Allow repairs on production stages'),
};

export const audit = defineCommand({
  name: 'audit',
  summary: 'Check the tables of a stage against each other',
  description:
    'Recomputes the tables of a stage from its stored events, and prints each row that is wrong.',
  options: OPTIONS,
  examples: [
    ['audit --stage dev', 'is any row wrong?'],
    ['audit --stage dev --repair', 'repair it'],
  ],
  exits: {
    0: 'the tables agree',
    2: 'rows are wrong',
    3: 'rows kept changing (audit again when there is less traffic)',
    69: "AWS can't be reached",
  },
  read({ pause: pauseMs, repair, yes, ...values }): AuditOptions {
    const stage = requireStage(values.stage, 'audit');
    if (repair) refuseProduction(stage, yes, 'write to its tables');
    return { stage, repair, pauseMs };
  },
  async start(options, { io, print, progress, signal }) {
    const { auditStage } = await import('../../ops/audit/audit-stage.ts');
    const parts = { environment: io.env, print, progress, signal };
    const { wrong, changing } = await auditStage(options, parts);
    if (wrong.length > 0) return EXIT_OF_VERDICT.diverged;
    return EXIT_OF_VERDICT[changing > 0 ? 'unknown' : 'converged'];
  },
});
