/** `simulate mutants`: plants bugs in the handler, one after another, and prints which check caught each. */
import path from 'node:path';
import { fillMatrix, type Row } from '../simulator/mutation/matrix.ts';
import {
  failuresOf,
  formatHead,
  formatMatrixJson,
  formatRow,
} from '../simulator/mutation/matrix-text.ts';
import { mutantOf, requireSources } from '../simulator/mutation/plant.ts';
import { MUTANTS } from '../simulator/mutation/planted/planted.ts';
import { failureText } from '../simulator/report/failure-text.ts';
import type { JunitCase } from '../simulator/report/junit.ts';
import { seconds } from '../simulator/report/text.ts';
import { formatScenario } from '../simulator/search/scenario-file.ts';
import { EXIT_OF_VERDICT } from './exit.ts';
import type { MutantsOptions } from './mutants-options.ts';
import type { WorkContext } from './subcommand.ts';

export async function mutantsCommand(
  options: MutantsOptions,
  { print, progress, signal, nowMs, keep }: WorkContext,
): Promise<number> {
  requireSources();
  const { only, json, out } = options;
  const mutants = only === undefined ? MUTANTS : [mutantOf(only)];
  const kept = await keep(out, 'mutants', options.seed);
  const startedAt = nowMs();
  if (!json) print(formatHead());
  let filled = 0;
  const onRow = (row: Row): void => {
    filled++;
    progress(`${filled} of ${mutants.length + 1}`);
    if (!json) print(formatRow(row));
    if (row.scenario !== undefined)
      kept?.write(fileOf(row), formatScenario(row.scenario, row.mutant?.name));
  };
  const rows = await fillMatrix({ ...options, mutants, signal, onRow });
  const failures = failuresOf(rows);
  if (json) print(formatMatrixJson(rows, failures));
  else {
    const killed = rows.filter(({ mutant, check }) => mutant && check).length;
    print(`${killed} of ${mutants.length} caught in ${seconds(nowMs() - startedAt)}\n`);
    for (const each of failures) print(`  ${failureText(each)}\n`);
    const [example] = rows.filter(({ mutant, scenario }) => mutant && scenario);
    if (example !== undefined && kept !== undefined) {
      const file = path.relative('', path.join(kept.path, fileOf(example)));
      print(`to see one: npx simulate replay ${file} --mutant ${example.name} --trace\n`);
    }
  }
  const verdict = failures.length === 0 ? 'converged' : 'diverged';
  if (!signal.aborted) {
    const figures = {
      mutants: mutants.length,
      caught: rows.filter((row) => row.mutant && row.check).length,
    };
    const text = [formatHead(), ...rows.map(formatRow)].join('');
    kept?.finish({ verdict, failures, options, figures, text }, rows.map(caseOf));
  }
  return EXIT_OF_VERDICT[verdict];
}

/** A mutant that was caught passes; so does the shipped handler that was not. */
function caseOf(row: Row): JunitCase {
  const [failure] = failuresOf([row]);
  return {
    name: row.name,
    seconds: row.ms / 1000,
    ...(failure === undefined
      ? {}
      : {
          failure: { message: failureText(failure), type: 'diverged', text: formatRow(row) },
        }),
  };
}

function fileOf({ name, mutant }: Row): string {
  return `mutants/${mutant === undefined ? 'control' : name}.json`;
}
