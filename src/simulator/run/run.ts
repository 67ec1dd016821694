/** One run, stage by stage: generate, disorder, push, deliver, check. */
import { compare, type StoredTables } from '../check/check.ts';
import { explain } from '../check/explain.ts';
import { createTracer } from '../check/trace.ts';
import { type Delivery, startDelivery } from '../delivery/driver.ts';
import { type EventSourceMapping, eventSourceMapping } from '../delivery/settings.ts';
import { dice } from '../dice.ts';
import { disorder, type Pushes } from '../disorder/disorder.ts';
import { createHistory, type History, type HistoryReader } from '../history/history.ts';
import { HISTORY_VERSION, type HistoryRecord, type StageChanged } from '../history/record.ts';
import { createFigures } from '../report/figures.ts';
import { pushRecords } from '../stream/push.ts';
import type { EventSource, Row, StreamPayload, Workload } from '../workload/workload.ts';
import type { World } from '../world/world.ts';
import type { RunOptions } from './options.ts';
import type { RunResult } from './result.ts';
import { judge } from './verdict.ts';

export interface RunParts<Event> {
  readonly workload: Workload<Event>;
  readonly options: RunOptions;
  /** The command that repeats the run. */
  readonly repeat: string;
  readonly openWorld: (history: History) => Promise<World>;
  /** Milliseconds, for the history's times. */
  readonly now: () => number;
  readonly readers: readonly HistoryReader[];
  /** Aborted: the run ends as soon as it can, rejects with the reason, and leaves nothing behind. */
  readonly signal: AbortSignal;
}

/** Differences that are shown with their events; the others are counted. */
const EXPLAINED_MAX = 20;

export async function run<Event>(parts: RunParts<Event>): Promise<RunResult> {
  const { workload, options, signal } = parts;
  const startedAt = parts.now();
  const figures = createFigures();
  const tracer = createTracer();
  const stall = createStallReader();
  const history = createHistory(
    () => parts.now() - startedAt,
    [figures.read, tracer.read, stall.read, ...parts.readers],
  );
  history.record({
    type: 'run-started',
    version: HISTORY_VERSION,
    workload: workload.name,
    seed: options.seed,
    options: { ...options },
  });
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    if (signal.aborted) reject(signal.reason);
  });
  aborted.catch(() => {});
  const stage = async <T>(name: StageChanged['stage'], work: () => T | Promise<T>): Promise<T> => {
    history.record({ type: 'stage-started', stage: name });
    const result = await Promise.race([work(), aborted]);
    history.record({ type: 'stage-ended', stage: name });
    return result;
  };

  let world: World | undefined;
  const opening = parts.openWorld(history);
  try {
    world = await stage('start', () => opening);
    const { delivery } = world;
    const source = await stage('generate', () => {
      const { seed, count, products, users } = options;
      return workload.generate(seed, { count, products, users });
    });
    const pushes = await stage('disorder', () =>
      disorder(source.length, options, dice(options.seed, 'disorder')),
    );
    await stage('push', () => push(parts, source, pushes, world as World, history));
    const stalled = await stage('deliver', async () => {
      const running = startDelivery({
        settings: settingsOf(options),
        world: delivery,
        history,
        dice: dice(options.seed, 'delivery'),
      });
      return await drainOrStall(running, delivery.now(), stall.stalled);
    });
    const checked = await stage('check', () => check(parts, source, world as World));
    const { verdict, reasons } = judge({
      options,
      differences: checked.differences.length,
      quarantined: checked.quarantined,
      figures: figures.figures(checked.quarantined),
      stalled,
    });
    const shown = checked.differences.slice(0, EXPLAINED_MAX);
    const notes = [...world.notes];
    await stage('stop', () => (world as World).close());
    history.record({ type: 'run-ended', verdict, reasons });
    return {
      version: 1,
      verdict,
      reasons,
      options,
      figures: figures.figures(checked.quarantined),
      differencesTotal: checked.differences.length,
      differences: explain(workload, source, tracer, shown),
      notes,
      repeat: parts.repeat,
    };
  } finally {
    // Also a world that opens after the run was aborted.
    await opening.then(
      (opened) => opened.close(),
      () => {},
    );
  }
}

function settingsOf(options: RunOptions): EventSourceMapping {
  return eventSourceMapping({
    batchSize: options.batchSize,
    batchWindowMs: Math.round(options.batchWindow * 1000),
    parallelizationFactor: options.parallelizationFactor,
    retryAttemptsMax: options.retryAttempts,
    bisectOnFailure: options.bisect,
    repeatDeliveryRatio: options.repeatDelivery,
    // Lambda polls about once a second, and backs off for longer; nobody wants to wait for that.
    pollIntervalMs: 50,
    repeatDelayMsMax: 500,
    retryBackoff: { firstMs: 20, maxMs: 1_000, factor: 2, jitterRatio: 0.5 },
  });
}

async function push<Event>(
  { workload, options }: RunParts<Event>,
  source: EventSource<Event>,
  pushes: Pushes,
  world: World,
  history: History,
): Promise<void> {
  const keys = dice(options.seed, 'partition keys');
  function* records() {
    for (let position = 0; position < pushes.length; position++) {
      const { event, copy, garbage } = pushes.at(position);
      const payload: StreamPayload =
        event < 0
          ? workload.garbage(options.seed, garbage)
          : workload.encode(source.at(event), copy);
      const { data } = payload;
      const partitionKey =
        options.partition === 'random'
          ? Math.floor(keys() * 2 ** 32).toString(16)
          : payload.partitionKey;
      yield { partitionKey, data, position, event, copy };
    }
  }
  await pushRecords(records(), {
    put: world.put,
    dice: dice(options.seed, 'push'),
    pause: (ms) => world.pause(ms),
    onAccepted: ({ position, event, copy }, { shardId, sequenceNumber }) =>
      history.record({
        type: 'record-pushed',
        push: position,
        event,
        copy,
        shardId,
        sequenceNumber,
      }),
    onRefused: (entries, error) => history.record({ type: 'push-refused', entries, error }),
  });
}

/** Resolves when everything is delivered, or with the reason why it never will be. */
async function drainOrStall(
  delivery: Delivery,
  sinceMs: number,
  stalled: Promise<string>,
): Promise<string | undefined> {
  const reason = await Promise.race([delivery.drained(sinceMs).then(() => undefined), stalled]);
  await delivery.stop();
  return reason;
}

/** So many failures of one batch in a row, and nobody expects it to succeed any more. */
const ATTEMPTS_MAX = 40;

function createStallReader(): { readonly read: HistoryReader; readonly stalled: Promise<string> } {
  let resolve = (_reason: string): void => {};
  const stalled = new Promise<string>((done) => {
    resolve = done;
  });
  let error = '';
  const read = (record: HistoryRecord): void => {
    if (record.type === 'answered' && 'error' in record.outcome) error = record.outcome.error;
    if (record.type === 'invoked' && record.attempt > ATTEMPTS_MAX) {
      const last = error === '' ? '' : `; the last error was ${error}`;
      resolve(
        `a batch of ${record.shardId} failed ${ATTEMPTS_MAX} times in a row, and was given up${last}`,
      );
    }
  };
  return { read, stalled };
}

async function check<Event>(
  { workload }: RunParts<Event>,
  source: EventSource<Event>,
  world: World,
) {
  function* events() {
    for (let index = 0; index < source.length; index++) yield source.at(index);
  }
  const compared = workload.tables.filter((table) => table.compared);
  const stored: StoredTables = new Map(compared.map(({ name }) => [name, world.scan(name)]));
  const differences = await compare(workload, workload.reference(events()), stored);
  let quarantined: number | undefined;
  for (const { name } of workload.tables.filter((table) => table.quarantine)) {
    quarantined = await countRows(world.scan(name));
  }
  return { differences, quarantined };
}

async function countRows(rows: AsyncIterable<Row>): Promise<number> {
  let counted = 0;
  for await (const _ of rows) counted++;
  return counted;
}
