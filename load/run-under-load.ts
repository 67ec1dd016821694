/**
 * Runs a world whose delivery is on, with artillery putting records from outside and probes beside it. When the
 * stream is drained, every row is checked, as after any other run.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { WorkContext } from '../src/cli/command.ts';
import type { RunOptions } from '../src/simulator/model/run-options.ts';
import { count, plural, seconds } from '../src/simulator/report/text.ts';
import { run } from '../src/simulator/run/run.ts';
import { winner } from '../src/simulator/workload/winner/winner.ts';
import { readAcknowledged } from './engine/acknowledged.ts';
import { type Probes, startProbes } from './measure/probes.ts';
import { processorTime } from './measure/processor-time.ts';
import { type PutStage, putStage } from './measure/put-stage.ts';
import { collectFigures } from './report/collect-figures.ts';
import { withDoubts } from './report/doubts.ts';
import type { LoadEnd } from './report/keep-load.ts';
import { runArtillery } from './runs/run-artillery.ts';
import type { Phase, RunFile } from './runs/run-files.ts';
import type { LoadWorld, OpenLoadWorld } from './worlds/load-world.ts';

export interface LoadClock {
  /** Since the epoch, on the clock of this machine. */
  nowMs(): number;
  /** Calls repeatedly until the returned function is called. */
  every(ms: number, call: () => void): () => void;
}

export interface UnderLoadParts {
  readonly file: RunFile;
  readonly phases: readonly Phase[];
  readonly world: LoadWorld;
  readonly options: RunOptions;
  readonly repeat: string;
  /** For temporary files. */
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly clock: LoadClock;
  readonly context: Pick<WorkContext, 'progress' | 'signal'>;
}

/** Artillery puts all records. */
const NONE_PUSHED = { length: 0, at: () => ({ event: -1, copy: 0, garbage: -1 }) };
const PROGRESS_MS = 500;

export async function runUnderLoad(parts: UnderLoadParts): Promise<LoadEnd> {
  const { world, options, clock, context } = parts;
  const { nowMs } = clock;
  const { source, keys } = world.recordsRead;
  const acknowledgements = path.join(parts.folder, 'acknowledged');
  await mkdir(acknowledgements);
  let opened: OpenLoadWorld | undefined;
  let probes: Probes | undefined;
  let stage: PutStage | undefined;
  let stageName = 'start';
  const startedAtMs = nowMs();
  const stopProgress = clock.every(PROGRESS_MS, () => {
    const elapsed = seconds(nowMs() - startedAtMs);
    context.progress(`${elapsed} ${stageName}: ${progressText(world, probes)}`);
  });
  try {
    const result = await run({
      workload: winner,
      options,
      repeat: parts.repeat,
      input: { source, pushes: NONE_PUSHED },
      deliver: world.deliver,
      signal: context.signal,
      readers: [
        ...world.readers,
        (record) => {
          if (record.type === 'stage-started') stageName = record.stage;
        },
      ],
      world: {
        now: nowMs,
        async open(history) {
          opened = await world.open(history);
          const { scan } = opened.world;
          return {
            ...opened.world,
            async *scan(table) {
              // Everything is applied: no probe is still to come.
              if (stageName === 'check') await probes?.finished();
              yield* scan(table);
            },
          };
        },
      },
      async produce({ put, pause }) {
        const there = opened as OpenLoadWorld;
        const isOver = () => stageName === 'check' || context.signal.aborted;
        probes = startProbes({ ...there.probes, put, nowMs, pause, seed: options.seed }, isOver);
        stage = await putStage({
          ...{ ...there.measured, ...clock, processorTime },
          hasBegun: () => readdirSync(acknowledgements).length > 0,
          produce: (onStarted) => produce(parts, there, { acknowledgements, onStarted }),
        });
        await probes.stop();
      },
    });
    if (stage === undefined || probes === undefined) throw new Error('the run put nothing');
    const lost = countLost(acknowledgements, keys);
    const doubted = withDoubts(result, { lost, users: stage.produced.users });
    const { all } = probes;
    const figures = collectFigures({
      ...{ file: parts.file, result: doubted, stage, probes: all, lost, handler: world.handler },
      passages: world.passages(all),
    });
    return { figures, result: doubted, report: stage.produced.report };
  } finally {
    stopProgress();
  }
}

function produce(
  { file, phases, options, folder, environment, context }: UnderLoadParts,
  { stream, producers, failed }: OpenLoadWorld,
  {
    acknowledgements,
    onStarted,
  }: { readonly acknowledgements: string; onStarted(pid: number): void },
) {
  const { seed } = options;
  const { signal } = context;
  return runArtillery({
    script: file.path,
    stream,
    config: { phases, engines: { kinesis: { seed, ...producers, acknowledgements } } },
    folder,
    environment,
    signal: failed ? AbortSignal.any([signal, failed]) : signal,
    onStarted,
  });
}

function progressText({ recordsRead, recordsDone }: LoadWorld, probes: Probes | undefined): string {
  const all = probes?.all ?? [];
  const seen = all.filter(({ lagMs }) => lagMs !== undefined).length;
  const done = recordsDone === undefined ? '' : `${count(recordsDone())} done, `;
  const read = `${count(recordsRead.keys.size)} records read`;
  return `${read}, ${done}${count(seen)} of ${plural(all.length, 'probe')} seen`;
}

/** Records in the producers' files that were never read. */
function countLost(folder: string, read: ReadonlySet<string>): number {
  let lost = 0;
  for (const file of readdirSync(folder)) {
    for (const key of readAcknowledged(readFileSync(path.join(folder, file), 'utf8'))) {
      if (!read.has(key)) lost++;
    }
  }
  return lost;
}
