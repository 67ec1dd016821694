/** One run, stage by stage: start a world, generate, disorder, push, deliver, check. */

import { createTracer } from '../check/event-traces.ts';
import { explain } from '../check/explain.ts';
import { createGuard, type Guard } from '../check/invariants.ts';
import { createLosses } from '../check/losses.ts';
import { disorder, type Pushes } from '../disorder/disorder.ts';
import { createHistoryHash } from '../history/hash.ts';
import { createHistory, type History, type HistoryReader } from '../history/history.ts';
import { faultsOf } from '../model/fault-profiles.ts';
import { HISTORY_VERSION, type StageChanged } from '../model/history.ts';
import type { Observer } from '../model/observer.ts';
import type { RunOptions } from '../model/run-options.ts';
import type { RunResult } from '../model/run-result.ts';
import type { EventSource, Workload } from '../model/workload.ts';
import { seededRandom } from '../random.ts';
import { createFigures } from '../report/figures.ts';
import type { AnyWorld } from '../worlds/world.ts';
import { type Checked, check } from './check.ts';
import { createStallReader, deliver, drainOrStall, mappingOf } from './deliver/mapping.ts';
import { deliverGiven, type GivenDeliveries, type GivenDriver } from './deliver/recorded.ts';
import { arrive } from './deliver/remote.ts';
import { push } from './push.ts';
import { judge } from './verdict.ts';

export interface RunParts<Event> {
  readonly workload: Workload<Event>;
  readonly options: RunOptions;
  /** The command that repeats the run. */
  readonly repeat: string;
  /** A history and its pushes, instead of those that the options generate. */
  readonly given?: { readonly source: EventSource<Event>; readonly pushes: Pushes } | undefined;
  /** Batches that are given, instead of those that the event source mapping makes of the records. */
  readonly deliveries?: GivenDeliveries | undefined;
  /** Has the records put by somebody else, who tells the history of them, instead of the push stage. */
  readonly push?: (world: AnyWorld) => Promise<void>;
  /** The guard is to see every write, where the world can show them. */
  readonly openWorld: (history: History, guard: Guard<Event> | undefined) => Promise<AnyWorld>;
  /** The world's clock, milliseconds: the history's times are on it. */
  readonly now: () => number;
  /** The clock on the wall, milliseconds. */
  readonly wallNow: () => number;
  readonly readers: readonly HistoryReader[];
  readonly observer?: Observer | undefined;
  /** Delivery gives up on purpose: what was discarded is no reason for doubt. */
  readonly losesOnPurpose?: boolean;
  /** So many requests, and it is taken for one that never ends. */
  readonly requestsMax?: number;
  /** One of very many: without the hash of its history. */
  readonly isLean?: boolean;
  /** Aborted: the run ends as soon as it can, rejects with the reason, and leaves nothing behind. */
  readonly signal: AbortSignal;
}

/** Differences that are shown with their events; the others are counted. */
const EXPLAINED_MAX = 20;
const UNCHECKED: Checked = { differences: [], quarantined: undefined, gone: [] };

export async function run<Event>(parts: RunParts<Event>): Promise<RunResult> {
  const { workload, options, wallNow } = parts;
  const startedAt = parts.now();
  const wallStartedAt = wallNow();
  const figures = createFigures(faultsOf(options));
  const tracer = createTracer();
  const stall = createStallReader(parts.requestsMax);
  const losses = createLosses();
  const hash = createHistoryHash();
  const isWatched = options.handler === undefined || options.invariants;
  const watcher = isWatched && options.world === 'memory' ? workload.watch?.() : undefined;
  const guard = watcher && createGuard(watcher, workload.describe);
  const own = [figures.read, tracer.read, stall.read, losses.read];
  let given: GivenDriver | undefined;
  own.push((record) => given?.read(record));
  const isHashed = options.world === 'memory' && parts.isLean !== true;
  if (isHashed) own.push(hash.read);
  if (guard !== undefined) own.push(guard.read);
  const history = createHistory(() => parts.now() - startedAt, [...own, ...parts.readers]);
  history.record({
    type: 'run-started',
    version: HISTORY_VERSION,
    workload: workload.name,
    seed: options.seed,
    options: { ...options },
  });
  const stages = createStages(history, parts.signal, wallNow);

  const opening = parts.openWorld(history, guard);
  try {
    const world = await stages.run('start', () => opening);
    const source = await stages.run('generate', () => {
      if (parts.given !== undefined) return parts.given.source;
      const { seed, count, entities } = options;
      return workload.generate(seed, { count, entities });
    });
    const pushes = await stages.run(
      'disorder',
      () =>
        parts.given?.pushes ??
        disorder(source.length, options, seededRandom(options.seed, 'disorder')),
    );
    parts.observer?.begin({ workload, source, world, pushes: pushes.length });
    if (world.find !== undefined) guard?.begin(source, world.find);
    const pushing = async () => {
      if (parts.push !== undefined) return parts.push(world);
      return push({ workload, options, source, pushes, world, history });
    };
    const delivered = async () => {
      if (world.remote !== undefined) {
        const { remote, pause } = world;
        await stages.run('push', pushing);
        const look = () => check(workload, source, world);
        const waiting = { remote, pause, history, options, pushes, now: parts.now, look };
        const stalled = await stages.run('deliver', () => arrive(waiting));
        return { stalled, violation: undefined };
      }
      const { deliveries } = parts;
      if (deliveries !== undefined) {
        const settings = mappingOf(options, world);
        given = deliverGiven({ deliveries, pushes: pushes.length, settings });
      }
      const early =
        world.deliversWhilePushing && given === undefined
          ? deliver(options, world, history)
          : undefined;
      await stages.run('push', pushing);
      const stalled = await stages.run('deliver', () =>
        drainOrStall(
          early ?? given?.start(world.delivery, history) ?? deliver(options, world, history),
          world,
          stall,
        ),
      );
      return { stalled, violation: undefined };
    };
    // The first violation stops the run at that moment: what the tables say then is half-done.
    const end = await Promise.race([delivered(), violation(guard)]);
    const checked =
      end.violation === undefined
        ? await stages.run('check', () => check(workload, source, world))
        : UNCHECKED;
    parts.observer?.checked(checked.differences);
    const unexcused = losses.unexcused(checked.differences, workload, source);
    const { verdict, reasons, seen } = judge({
      options,
      ...end,
      differences: checked.differences.length,
      unexcused: unexcused.length,
      wrongTable: unexcused[0]?.table,
      quarantined: checked.quarantined,
      malformedLost: losses.malformed(),
      losesOnPurpose: parts.losesOnPurpose,
      gone: checked.gone,
      figures: figures.figures(checked.quarantined),
      lastError: stall.lastError(),
    });
    const shown = checked.differences.slice(0, EXPLAINED_MAX);
    const notes = [...world.notes, ...tracer.notes()];
    const output = [...world.output];
    await stages.run('stop', async () => {
      // What is still on its way would come back.
      if (end.stalled === undefined) await world.remote?.clean();
      await world.close();
    });
    history.record({ type: 'run-ended', verdict, reasons });
    return {
      version: 1,
      verdict,
      reasons,
      seen,
      options,
      figures: {
        ...figures.figures(checked.quarantined),
        stagesMs: stages.wallMs,
        wallMs: wallNow() - wallStartedAt,
      },
      differencesTotal: checked.differences.length,
      differences: explain(workload, source, tracer, shown),
      historyHash: isHashed && !world.hasEscaped?.() ? hash.digest() : undefined,
      notes,
      output,
      repeat: parts.repeat,
    };
  } finally {
    stages.over();
    // Also a world that opens after the run was aborted.
    await opening.then(
      (opened) => opened.close(),
      () => {},
    );
  }
}

async function violation<Event>(guard: Guard<Event> | undefined) {
  // Without a guard it never comes.
  const violation = await (guard?.violated ?? new Promise<never>(() => {}));
  return { stalled: undefined, violation };
}

type Stage = StageChanged['stage'];

/** Runs stages one after another; each rejects as soon as the run is aborted. */
function createStages(history: History, signal: AbortSignal, wallNow: () => number) {
  const wallMs: Partial<Record<Stage, number>> = {};
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  aborted.catch(() => {});
  const abort = (): void => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  return {
    wallMs,
    /** A signal may outlive a million runs. */
    over: () => signal.removeEventListener('abort', abort),
    async run<T>(stage: Stage, work: () => T | Promise<T>): Promise<T> {
      const startedAt = wallNow();
      history.record({ type: 'stage-started', stage });
      const result = await Promise.race([work(), aborted]);
      history.record({ type: 'stage-ended', stage });
      wallMs[stage] = wallNow() - startedAt;
      return result;
    },
  };
}
