/** `simulate mutants`: plants bugs in the handler, one after another, and prints which check caught each. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fillMatrix, type Row } from '../mutants/matrix.ts';
import { faultsOfMatrix, formatHead, formatMatrixJson, formatRow } from '../mutants/matrix-text.ts';
import { mutantOf } from '../mutants/plant.ts';
import { MUTANTS } from '../mutants/planted/planted.ts';
import { seconds } from '../report/text.ts';
import { formatScenario } from '../search/scenario-file.ts';
import { EXIT_OF_VERDICT } from './exit.ts';
import type { MutantsOptions } from './mutants-options.ts';
import type { WorkContext } from './subcommand.ts';

export async function mutantsCommand(
  options: MutantsOptions,
  { print, progress, signal, nowMs }: WorkContext,
): Promise<number> {
  const { only, json, out } = options;
  const mutants = only === undefined ? MUTANTS : [mutantOf(only)];
  const startedAt = nowMs();
  if (!json) print(formatHead());
  let filled = 0;
  const onRow = (row: Row): void => {
    filled++;
    progress(`${filled} of ${mutants.length + 1}`);
    if (!json) print(formatRow(row));
    save(row, out);
  };
  const rows = await fillMatrix({ ...options, mutants, signal, onRow });
  const wrong = faultsOfMatrix(rows);
  if (json) print(formatMatrixJson(rows, wrong));
  else {
    const killed = rows.filter(({ mutant, check }) => mutant && check).length;
    print(`${killed} of ${mutants.length} caught in ${seconds(nowMs() - startedAt)}\n`);
    for (const each of wrong) print(`  ${each}\n`);
    const [example] = rows.filter(({ mutant, scenario }) => mutant && scenario);
    if (example !== undefined) {
      const file = path.relative('', fileOf(example, out));
      print(`to see one: npx simulate replay ${file} --mutant ${example.name} --trace\n`);
    }
  }
  return wrong.length === 0 ? EXIT_OF_VERDICT.converged : EXIT_OF_VERDICT.diverged;
}

function save(row: Row, out: string): void {
  if (row.scenario === undefined) return;
  mkdirSync(path.join(out, 'mutants'), { recursive: true });
  writeFileSync(fileOf(row, out), formatScenario(row.scenario));
}

function fileOf({ name, mutant }: Row, out: string): string {
  return path.join(out, 'mutants', `${mutant === undefined ? 'control' : name}.json`);
}
