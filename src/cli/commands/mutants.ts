/** `simulate mutants`: plants bugs in the shipped handler, one after another, and prints which check caught each. */
import path from 'node:path';
import type { Row } from '../../simulator/mutation/matrix.ts';
import { failureText } from '../../simulator/report/failure-text.ts';
import type { JunitCase } from '../../simulator/report/junit.ts';
import { seconds } from '../../simulator/report/text.ts';
import { defineCommand } from '../command.ts';
import { EXIT_OF_VERDICT } from '../exit-status.ts';
import { fixed, unset } from '../options/option.ts';
import { JOBS_OPTION, OUT_OPTION, toggle } from '../options/shared-options.ts';
import { duration, text } from '../options/values.ts';

const OPTIONS = {
  only: { describe: 'One mutant, by its name', read: text, ...unset('all') },
  time: {
    describe: 'Time to search for each mutant, such as 10s',
    read: duration,
    ...fixed('10s'),
  },
  jobs: JOBS_OPTION,
  seed: {
    describe: 'Any text; the same seed tries the same scenarios',
    read: text,
    ...fixed('mutants'),
  },
  json: toggle('Print one JSON document, and nothing else'),
  out: OUT_OPTION,
};

export const mutants = defineCommand({
  name: 'mutants',
  summary: 'Plant bugs, and see which check catches each',
  description:
    'Plants bugs in the shipped handler, each in a process of its own, and searches until a check catches it. ' +
    'The handler without a bug is searched as well, and must not be caught.',
  options: OPTIONS,
  examples: [
    ['mutants', 'all of them'],
    ['mutants --only first-arrival-wins', 'one; the first column has the names'],
  ],
  exits: { 0: 'all were caught', 2: 'at least one survived' },
  read: ({ time: timeMs, ...options }) => ({ timeMs, ...options }),
  async start(options, { print, progress, signal, nowMs, keep }) {
    const [{ fillMatrix }, text, { mutantOf, requireSources }, { MUTANTS }, { formatScenario }] =
      await Promise.all([
        import('../../simulator/mutation/matrix.ts'),
        import('../../simulator/mutation/matrix-text.ts'),
        import('../../simulator/mutation/plant.ts'),
        import('../../simulator/mutation/planted/planted.ts'),
        import('../../simulator/search/scenario-file.ts'),
      ]);
    requireSources();
    const { only, json, out, seed } = options;
    const mutants = only === undefined ? MUTANTS : [mutantOf(only)];
    const kept = await keep(out, 'mutants', seed);
    const startedAt = nowMs();
    if (!json) print(text.formatHead());
    let filled = 0;
    const onRow = (row: Row): void => {
      filled++;
      progress(`${filled} of ${mutants.length + 1}`);
      if (!json) print(text.formatRow(row));
      if (row.scenario === undefined) return;
      kept?.write(fileOf(row), formatScenario(row.scenario, row.mutant?.name));
    };
    const rows = await fillMatrix({ ...options, mutants, signal, onRow });
    const failures = text.failuresOf(rows);
    const caught = rows.filter((row) => row.mutant && row.check).length;
    if (json) print(text.formatMatrixJson(rows, failures));
    else {
      print(`${caught} of ${mutants.length} caught in ${seconds(nowMs() - startedAt)}\n`);
      for (const each of failures) print(`  ${failureText(each)}\n`);
      const example = rows.find(({ mutant, scenario }) => mutant && scenario);
      if (example !== undefined && kept !== undefined) {
        const file = path.relative('', path.join(kept.path, fileOf(example)));
        print(`to see one: npx simulate replay ${file} --mutant ${example.name} --trace\n`);
      }
    }
    const verdict = failures.length === 0 ? 'converged' : 'diverged';
    if (signal.aborted) return EXIT_OF_VERDICT[verdict];
    const figures = { mutants: mutants.length, caught };
    const printed = [text.formatHead(), ...rows.map(text.formatRow)].join('');
    /** A mutant that was caught passes; so does the shipped handler that was not. */
    const caseOf = (row: Row): JunitCase => {
      const [failure] = text.failuresOf([row]);
      const testCase = { name: row.name, seconds: row.ms / 1000 };
      if (failure === undefined) return testCase;
      const message = failureText(failure);
      return { ...testCase, failure: { message, type: 'diverged', text: text.formatRow(row) } };
    };
    kept?.finish({ verdict, failures, options, figures, text: printed }, rows.map(caseOf));
    return EXIT_OF_VERDICT[verdict];
  },
});

function fileOf({ name, mutant }: Row): string {
  return `mutants/${mutant === undefined ? 'control' : name}.json`;
}
