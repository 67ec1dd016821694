/**
 * One run: a workload in a world, its records delivered by a strategy, judged by a policy. Its
 * stages are start, generate, disorder, push, deliver, check and stop.
 */

import { explain } from '../check/explain.ts';
import { disorder, type Pushes } from '../disorder/disorder.ts';
import { createHistory, type History, type HistoryReader } from '../history/history.ts';
import type { InvariantFailure, Stall } from '../model/failure.ts';
import { HISTORY_VERSION } from '../model/history.ts';
import type { Observer } from '../model/observer.ts';
import type { RunOptions } from '../model/run-options.ts';
import { RESULT_VERSION, type RunResult } from '../model/run-result.ts';
import type { Judgement } from '../model/verdict.ts';
import type { EventSource, Workload } from '../model/workload.ts';
import { seededRandom } from '../random.ts';
import type { AnyWorld, Opening } from '../worlds/world.ts';
import { type CheckedTables, checkTables } from './check-tables.ts';
import type { Deliver } from './deliver/deliver.ts';
import { createFolds, type Folds } from './folds.ts';
import { push } from './push.ts';
import { createStages, type Stages } from './stages.ts';
import { judge } from './verdict.ts';

export interface RunParts<Event> {
  readonly workload: Workload<Event>;
  readonly options: RunOptions;
  readonly world: Opening;
  readonly deliver: Deliver;
  readonly policy?: RunPolicy;
  /** The history and its pushes; generated from the options unless they are here. */
  readonly input?: RunInput<Event> | undefined;
  /** Lets producers outside of the run put the records, instead of the push stage. */
  readonly produce?: (world: AnyWorld) => Promise<void>;
  /** Readers of the history beside the run's own. */
  readonly readers?: readonly HistoryReader[];
  readonly observer?: Observer | undefined;
  /** The command that repeats the run. */
  readonly repeat?: string;
  /** The wall clock, milliseconds; the world's unless it is virtual. */
  readonly wallNow?: () => number;
  /** When aborted, the run rejects with the reason as soon as it can, and leaves nothing behind. */
  readonly signal?: AbortSignal;
}

export interface RunInput<Event> {
  readonly source: EventSource<Event>;
  readonly pushes: Pushes;
}

/** What is allowed of a run, and how it is judged. */
export interface RunPolicy {
  /** Delivery is meant to give up: discarded records excuse rows, and are no reason for doubt. */
  readonly expectsDiscards?: boolean;
  /** With more requests, the run never ends. */
  readonly requestsMax?: number;
  /** Whether the history of a memory run is hashed, which takes time; by default it is. */
  readonly isHashed?: boolean;
}

export async function run<Event>(parts: RunParts<Event>): Promise<RunResult> {
  const { workload, options, world: opening, policy = {}, wallNow = opening.now } = parts;
  const [startedAtMs, wallStartedAtMs] = [opening.now(), wallNow()];
  const isHashed = options.world === 'memory' && policy.isHashed !== false;
  const folds = createFolds(workload, options, isHashed);
  const readers = [...folds.readers, ...(parts.readers ?? [])];
  const history = createHistory(() => opening.now() - startedAtMs, readers);
  const started = {
    version: HISTORY_VERSION,
    workload: workload.name,
    seed: options.seed,
  } as const;
  history.append({ type: 'run-started', ...started, options: { ...options } });
  const stages = createStages(history, parts.signal ?? NEVER, wallNow);
  const opened = opening.open(history, folds.invariants);
  try {
    const world = await stages.run('start', () => opened);
    const input = await prepare(parts, stages);
    const running: Running<Event> = { parts, world, input, history, readers, stages, folds };
    const { stall, checked, judgement } = await carryOut(running);
    const report = reportOf(running, checked);
    await stages.run('stop', async () => {
      // After a stall, rows that are still under way would come back.
      if (stall === undefined) await world.removeRows?.();
      await world.close();
    });
    history.append({ type: 'run-ended', ...judgement });
    const wallMs = wallNow() - wallStartedAtMs;
    const figures = folds.figures.figures(checked.quarantined);
    return {
      version: RESULT_VERSION,
      ...judgement,
      options,
      figures: { ...figures, stagesMs: stages.wallMs, wallMs },
      ...report,
      historyHash: world.isRepeatable?.() === false ? undefined : folds.hash?.digest(),
      repeat: parts.repeat ?? '',
    };
  } finally {
    stages.dispose();
    // Also closes a world that opens after the run was aborted.
    await opened.then(
      (late) => late.close(),
      () => {},
    );
  }
}

/** A run whose world is open. */
interface Running<Event> {
  readonly parts: RunParts<Event>;
  readonly world: AnyWorld;
  readonly input: RunInput<Event>;
  readonly history: History;
  /** Those of the history; more may be added. */
  readonly readers: HistoryReader[];
  readonly stages: Stages;
  readonly folds: Folds<Event>;
}

const NEVER = new AbortController().signal;

/** The stages generate and disorder. */
async function prepare<Event>(
  { workload, options, input }: RunParts<Event>,
  stages: Stages,
): Promise<RunInput<Event>> {
  const { seed, count, entities } = options;
  const source = await stages.run(
    'generate',
    () => input?.source ?? workload.generate(seed, { count, entities }),
  );
  const pushes = await stages.run(
    'disorder',
    () => input?.pushes ?? disorder(source.length, options, seededRandom(seed, 'disorder')),
  );
  return { source, pushes };
}

interface CarriedOut {
  readonly stall: Stall | undefined;
  readonly checked: CheckedTables;
  readonly judgement: Judgement;
}

/** The stages push, deliver and check, and the verdict. */
async function carryOut<Event>(running: Running<Event>): Promise<CarriedOut> {
  const { parts, world, input, stages, folds } = running;
  const { source, pushes } = input;
  const { workload, observer } = parts;
  observer?.begin({ workload, source, rows: world, pushes: pushes.length });
  if (world.readRow !== undefined) folds.invariants?.begin(source, world.readRow);
  // The first violation stops the run at that moment: the tables are half-done then.
  const end = await Promise.race([pushAndDeliver(running), violationOf(folds)]);
  const checked =
    end.violation === undefined
      ? await stages.run('check', () => checkTables(workload, source, world))
      : UNCHECKED;
  observer?.checked(checked.differences);
  return { stall: end.stall, checked, judgement: judgeRun(running, checked, end) };
}

interface End {
  readonly stall: Stall | undefined;
  readonly violation: InvariantFailure | undefined;
}

const UNCHECKED: CheckedTables = { differences: [], quarantined: undefined, gone: [] };

async function pushAndDeliver<Event>(running: Running<Event>): Promise<End> {
  const { parts, world, input, history, readers, stages } = running;
  const { workload, options, policy = {} } = parts;
  const delivery = parts.deliver({
    ...{ options, world, history, pushes: input.pushes, now: parts.world.now },
    requestsMax: policy.requestsMax ?? Number.POSITIVE_INFINITY,
    checkTables: () => checkTables(workload, input.source, world),
  });
  if (delivery.read !== undefined) readers.push(delivery.read);
  await stages.run('push', async () => {
    if (parts.produce !== undefined) return parts.produce(world);
    return push({ workload, options, world, history, ...input });
  });
  const stall = await stages.run('deliver', delivery.finish);
  return { stall, violation: undefined };
}

async function violationOf<Event>({ invariants }: Folds<Event>): Promise<End> {
  const violation = await (invariants?.violated ?? new Promise<never>(() => {}));
  return { stall: undefined, violation };
}

function judgeRun<Event>(
  { parts, input, folds }: Running<Event>,
  checked: CheckedTables,
  end: End,
): Judgement {
  const { workload, options, policy } = parts;
  const { losses, figures, handlerErrors } = folds;
  return judge({
    options,
    ...checked,
    ...end,
    unexcused: losses.unexcused(checked.differences, workload, input.source),
    malformedDiscarded: losses.malformed(),
    expectsDiscards: policy?.expectsDiscards,
    figures: figures.figures(checked.quarantined),
    lastHandlerError: handlerErrors.last(),
  });
}

/** Differences that are shown with their events; the others are counted. */
const EXPLAINED_MAX = 20;

/** The report beside the verdict. Made before the world closes. */
function reportOf<Event>(
  { parts, world, input, folds }: Running<Event>,
  { differences }: CheckedTables,
): Pick<RunResult, 'differencesTotal' | 'differences' | 'notes' | 'output'> {
  const shown = differences.slice(0, EXPLAINED_MAX);
  return {
    differencesTotal: differences.length,
    differences: explain(parts.workload, input.source, folds.tracer, shown),
    notes: [...world.notes, ...folds.tracer.notes()],
    output: [...world.output],
  };
}
