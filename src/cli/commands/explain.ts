/** `simulate explain`: what the events of one thing mean, in a stored run or in live tables. */
import { SimulatorError } from '../../simulator/model/errors.ts';
import type { Sheet } from '../../simulator/model/workload.ts';
import { printable } from '../../simulator/report/text.ts';
import { defineCommand, type WorkContext } from '../command.ts';
import { quoted } from '../options/values.ts';
import { openRunHistory, SOURCE_OPTIONS, sourceOf } from '../stored-run.ts';
import { nearOnes } from '../suggest.ts';

export const explain = defineCommand({
  name: 'explain',
  summary: 'Explain what the events of one thing mean',
  description:
    'Prints the events of one of the things that a history is about, in canonical order, and what each event means ' +
    'for the tables.',
  args: [{ name: 'id', describe: 'Its id; KIND=ID where things of two kinds have the same id' }],
  options: SOURCE_OPTIONS,
  examples: [
    ['explain 3618308', 'in the latest run'],
    ['explain Mandy', 'part of an id: suggests whole ones'],
    ['explain 3618308 --stage dev', 'in live tables'],
  ],
  exits: { 0: 'done', 64: 'wrong usage, or no such id', 69: "AWS can't be reached" },
  read: (values, context) => ({
    asked: context.args['id'] ?? '',
    source: sourceOf(values, context),
  }),
  async start({ asked, source }, context) {
    const { formatSheet } = await import('../../simulator/report/sheet.ts');
    const sheet = await (source.kind === 'run'
      ? ofRun(asked, source.folder)
      : ofStage(asked, source.stage, context));
    context.print(formatSheet(sheet, context.style));
    return 0;
  },
});

async function ofRun(asked: string, folder: string): Promise<Sheet> {
  const { workload, history, run } = await openRunHistory(folder);
  const sheets = workload.sheets(history);
  const { kinds, id } = split(asked, Object.keys(sheets));
  const found = kinds.flatMap((kind) => {
    const sheet = sheets[kind]?.of(id);
    return sheet === undefined ? [] : [{ kind, sheet }];
  });
  const [first, other] = found;
  if (first === undefined) {
    const ids = kinds.flatMap((kind) => [...(sheets[kind]?.ids() ?? [])]);
    throw unknown({ kinds, id }, folder, ids);
  }
  if (other !== undefined) {
    const right = found.map(({ kind }) => `simulate explain ${kind}=ID`).join(' or ');
    throw new SimulatorError('usage', `things of two kinds have the id ${quoted(id)}: ${right}`);
  }
  const differing = run.differences
    .filter(({ key }) => key[0] === id)
    .map(({ table, explanation }) => `the run's ${table} differed: ${explanation.headline}`);
  return { ...first.sheet, facts: [...first.sheet.facts, ...differing] };
}

async function ofStage(
  asked: string,
  stage: string,
  { io, progress, signal }: WorkContext,
): Promise<Sheet> {
  const { openLiveTables } = await import('../../ops/live-tables.ts');
  const { sheets, stackName, close } = await openLiveTables(stage, io.env);
  try {
    const { kinds, id } = split(asked, Object.keys(sheets));
    const ids = new Set<string>();
    const readId = (each: string, rows: number): void => {
      signal.throwIfAborted();
      ids.add(each);
      progress(`${rows} rows`);
    };
    for (const kind of kinds) {
      const sheet = await sheets[kind]?.(id, { readId });
      if (sheet !== undefined) return sheet;
    }
    throw unknown({ kinds, id }, stackName, ids);
  } finally {
    close();
  }
}

interface Asked {
  readonly kinds: readonly string[];
  readonly id: string;
}

/** `KIND=ID`, where that is one of the kinds; the whole is an ID of any kind otherwise. */
function split(asked: string, kinds: readonly string[]): Asked {
  const kind = kinds.find((each) => asked.startsWith(`${each}=`));
  return kind === undefined
    ? { kinds, id: asked }
    : { kinds: [kind], id: asked.slice(kind.length + 1) };
}

/** Ids come from producers: they are printed fit for a terminal. */
function unknown({ kinds, id }: Asked, where: string, ids: Iterable<string>): SimulatorError {
  const near = nearOnes(id, ids).map((each) => `"${printable(each)}"`);
  const hint = near.length === 0 ? '' : `; did you mean ${near.join(', or ')}?`;
  const what = `there is no ${kinds.join(' or ')} ${quoted(id)} in ${where}`;
  return new SimulatorError('usage', `${what}${hint}`);
}
