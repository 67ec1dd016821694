/** `simulate explain`: one product or user, of a stored run or of live tables. */
import process from 'node:process';
import { openLiveTables } from '../ops/live-tables.ts';
import { SimulatorError } from '../simulator/model/errors.ts';
import type { Sheet } from '../simulator/model/workload.ts';
import { formatSheet } from '../simulator/report/sheet.ts';
import { printable } from '../simulator/report/text.ts';
import type { ExplainOptions } from './explain-options.ts';
import { openRunHistory } from './run-history.ts';
import type { WorkContext } from './subcommand.ts';
import { nearOnes } from './suggest.ts';
import { quoted } from './values.ts';

export async function explainCommand(
  options: ExplainOptions,
  context: WorkContext,
): Promise<number> {
  const { source } = options;
  const sheet =
    source.kind === 'run'
      ? await sheetOfRun(options, source.folder)
      : await sheetOfStage(options, source.stage, context);
  context.print(formatSheet(sheet, context.style));
  return 0;
}

async function sheetOfRun({ kind, id }: ExplainOptions, folder: string): Promise<Sheet> {
  const { workload, history, run } = await openRunHistory(folder);
  const all = workload.sheets(history);
  const sheets = all[kind];
  if (sheets === undefined) {
    const flags = Object.keys(all).map((each) => `--${each} ID`);
    const text = `the workload ${workload.name} has no ${kind} to explain: use ${flags.join(' or ')}`;
    throw new SimulatorError('usage', text);
  }
  const sheet = sheets.of(id);
  if (sheet === undefined) throw unknown({ kind, id }, folder, sheets.ids());
  const differing = run.differences
    .filter(({ key }) => key[0] === id)
    .map(({ table, explanation }) => `the run's ${table} differed: ${explanation.headline}`);
  return { ...sheet, facts: [...sheet.facts, ...differing] };
}

async function sheetOfStage(
  { kind, id }: ExplainOptions,
  stage: string,
  { progress, signal }: WorkContext,
): Promise<Sheet> {
  const live = await openLiveTables(stage, process.env);
  try {
    const known = new Set<string>();
    const sheet =
      kind === 'product'
        ? await live.product(id)
        : await live.user(id, (holder, rows) => {
            signal.throwIfAborted();
            known.add(holder);
            progress(`${rows} products`);
          });
    if (sheet === undefined) throw unknown({ kind, id }, live.stackName, known);
    return sheet;
  } finally {
    live.close();
  }
}

/** Ids come from strangers: shown fit for a terminal. */
function unknown(
  { kind, id }: Pick<ExplainOptions, 'kind' | 'id'>,
  where: string,
  ids: Iterable<string>,
): SimulatorError {
  const near = nearOnes(id, ids).map((each) => `"${printable(each)}"`);
  const hint = near.length === 0 ? '' : `; did you mean ${near.join(', or ')}?`;
  return new SimulatorError('usage', `there is no ${kind} ${quoted(id)} in ${where}${hint}`);
}
