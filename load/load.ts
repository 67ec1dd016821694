/**
 * A load run: a world whose delivery is on, artillery putting records from outside, probes beside it; then, when
 * the stream is drained, the check of every row, as after any other run.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { EXIT_OF_VERDICT } from '../src/cli/exit.ts';
import type { WorkContext } from '../src/cli/subcommand.ts';
import { SimulatorError } from '../src/simulator/model/errors.ts';
import type { ReportStyle } from '../src/simulator/report/terminal.ts';
import { count, plural, seconds } from '../src/simulator/report/text.ts';
import { run } from '../src/simulator/run/run.ts';
import { guardedFolder } from '../src/simulator/servers/guard.ts';
import { winner } from '../src/simulator/workload/winner/winner.ts';
import { runArtillery } from './artillery.ts';
import { createAwsPlace } from './aws-place.ts';
import type { LoadOptions } from './command.ts';
import { figuresOf, withDoubts } from './conclude.ts';
import { readAcknowledged } from './engine/acknowledged.ts';
import { keepLoad } from './keep.ts';
import { createLocalPlace } from './local-place.ts';
import type { Site } from './place.ts';
import { type Probes, startProbes } from './probes.ts';
import { processorTime } from './processors.ts';
import { type PutStage, putStage } from './put-stage.ts';
import { formatLoad } from './report.ts';
import { checkRun, scaled, totalSeconds } from './runs.ts';

export interface LoadWiring {
  readonly style: ReportStyle;
  /** Since the epoch, on the clock of this machine. */
  nowMs(): number;
  readonly environment: NodeJS.ProcessEnv;
  /** Calls again and again, until the returned function is called. */
  every(ms: number, call: () => void): () => void;
  /** Of this process. */
  readonly pid: number;
  /** A name that sets the run's stream and tables apart. */
  stage(): string;
}

const NONE_PUSHED = { length: 0, at: () => ({ event: -1, copy: 0, garbage: -1 }) };
const PROGRESS_MS = 500;

/** Resolves to the exit status. */
export async function load(
  options: LoadOptions,
  wiring: LoadWiring,
  context: WorkContext,
): Promise<number> {
  const { file, seed } = options;
  const { nowMs } = wiring;
  const phases = scaled(checkRun(file), options.durationMs);
  const { world, stage, prefix } = options.run;
  const isRemote = world === 'aws';
  context.print(
    `run ${file.name}: ${file.question}\nseed ${seed}, ${count(totalSeconds(phases))} s of puts` +
      `${isRemote ? `, stage ${stage}, prefix ${prefix}` : ''}\n`,
  );
  if (options.json !== undefined) await checkWritable(options.json);
  const kept = await context.keep(options.out, 'load', `${file.name}-${seed}`);
  // Of a run that doesn't come to its end, that is all there is.
  kept?.write('repeat.txt', `${options.repeat}\n`);
  const place = (isRemote ? createAwsPlace : createLocalPlace)(options, wiring);
  const { source, records } = place.observed;
  const folder = guardedFolder();
  const acknowledgements = path.join(folder.path, 'acknowledged');
  let site: Site | undefined;
  let probes: Probes | undefined;
  let put: PutStage | undefined;
  let stageName = 'start';
  const startedAtMs = nowMs();
  const stopShowing = wiring.every(PROGRESS_MS, () => {
    const all = probes?.all ?? [];
    const seen = all.filter(({ lagMs }) => lagMs !== undefined).length;
    const done = place.done?.();
    context.progress(
      `${seconds(nowMs() - startedAtMs)} ${stageName}: ${count(records.size)} records read, ` +
        `${done === undefined ? '' : `${count(done)} done, `}${count(seen)} of ${plural(all.length, 'probe')} seen`,
    );
  });
  try {
    await mkdir(acknowledgements);
    const result = await run({
      workload: winner,
      options: options.run,
      repeat: options.repeat,
      given: { source, pushes: NONE_PUSHED },
      now: nowMs,
      wallNow: nowMs,
      signal: context.signal,
      readers: [
        ...place.readers,
        (record) => {
          if (record.type === 'stage-started') stageName = record.stage;
        },
      ],
      async openWorld(history) {
        site = await place.open(history);
        const { world } = site;
        return {
          ...world,
          async *scan(table) {
            // Whatever is to be seen is there now.
            if (stageName === 'check') await probes?.settled();
            yield* world.scan(table);
          },
        };
      },
      async push({ put: putRecords, pause }) {
        const { stream, producers, failed, ...seen } = site as Site;
        const isOver = () => stageName === 'check' || context.signal.aborted;
        probes = startProbes({ ...seen.probes, put: putRecords, nowMs, pause, seed }, isOver);
        put = await putStage({
          ...seen.watched,
          processorTime,
          nowMs,
          every: wiring.every,
          hasBegun: () => readdirSync(acknowledgements).length > 0,
          produce: (onStarted) =>
            runArtillery({
              script: file.path,
              stream,
              config: { phases, engines: { kinesis: { seed, ...producers, acknowledgements } } },
              folder: folder.path,
              environment: wiring.environment,
              signal: failed ? AbortSignal.any([context.signal, failed]) : context.signal,
              onStarted,
            }),
        });
        await probes.stop();
      },
    });
    if (put === undefined || probes === undefined) throw new Error('the run put nothing');
    const lost = countLost(acknowledgements, records);
    const settled = withDoubts(result, { lost, users: put.produced.users });
    const figures = figuresOf({
      file,
      result: settled,
      stage: put,
      probes: probes.all,
      passages: place.passages(probes.all),
      effort: place.effort,
      lost,
    });
    context.print(formatLoad(figures, settled, wiring.style));
    if (kept !== undefined) {
      keepLoad(kept, { figures, result: settled, report: put.produced.report });
      context.print(`\nKept: ${path.relative('', kept.path)} (figures.json)\n`);
    }
    if (options.json !== undefined) {
      await writeFile(options.json, `${JSON.stringify(figures, null, 2)}\n`);
    }
    if (figures.failedThresholds.length > 0) return EXIT_OF_VERDICT.diverged;
    return EXIT_OF_VERDICT[settled.verdict];
  } finally {
    stopShowing();
    folder.remove();
  }
}

/** Before the run, not after half an hour of it. */
async function checkWritable(file: string): Promise<void> {
  try {
    await appendFile(file, '');
  } catch (error) {
    throw new SimulatorError('usage', `--json can't be written: ${(error as Error).message}`);
  }
}

/** Records that lie in the producers' files and were never read. */
function countLost(folder: string, read: ReadonlySet<string>): number {
  let lost = 0;
  for (const file of readdirSync(folder)) {
    for (const key of readAcknowledged(readFileSync(path.join(folder, file), 'utf8'))) {
      if (!read.has(key)) lost++;
    }
  }
  return lost;
}
