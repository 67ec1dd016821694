/**
 * Shows the progress of a run by reading its history: a bar for each stage on a terminal, plain lines
 * anywhere else.
 */
import { MultiBar, type SingleBar } from 'cli-progress';
import pc from 'picocolors';
import type { HistoryReader } from '../simulator/history/history.ts';
import type { HistoryRecord, StageChanged } from '../simulator/model/history.ts';
import type { RunOptions } from '../simulator/model/run-options.ts';
import { count, plural, seconds } from '../simulator/report/text.ts';

export interface Progress {
  readonly read: HistoryReader;
  /** Restores the terminal; nothing else may be written to it before. May be called again. */
  stop(): void;
}

type Stage = StageChanged['stage'];

interface Display {
  started(stage: Stage, atMs: number): void;
  ended(stage: Stage, atMs: number, tookMs: number): void;
  stop(): void;
}

export interface ProgressStyle {
  /** Whether the stream is a terminal, on which lines can be redrawn. */
  readonly terminal: boolean;
  readonly colour: boolean;
}

export function createProgress(
  stream: NodeJS.WritableStream,
  style: ProgressStyle,
  options: Pick<RunOptions, 'count' | 'duplicate' | 'garbage'>,
): Progress {
  const counter = createCounter(options);
  const display = style.terminal
    ? createBars(stream, style.colour, counter)
    : createLines(stream, counter);
  const startedAtMs = new Map<Stage, number>();
  let stopped = false;

  const read = (record: HistoryRecord): void => {
    counter.read(record);
    if (stopped) return;
    if (record.type === 'stage-started') {
      startedAtMs.set(record.stage, record.atMs);
      display.started(record.stage, record.atMs);
    } else if (record.type === 'stage-ended') {
      const tookMs = record.atMs - (startedAtMs.get(record.stage) ?? record.atMs);
      display.ended(record.stage, record.atMs, tookMs);
    }
  };
  const stop = (): void => {
    if (!stopped) display.stop();
    stopped = true;
  };
  return { read, stop };
}

interface Counter {
  readonly read: HistoryReader;
  /** Records that a stage has processed, and all of them; undefined for a stage without records. */
  countsOf(stage: Stage): { readonly done: number; readonly total: number } | undefined;
}

/** Counts records that are pushed, and records that are acknowledged or discarded. */
function createCounter(options: Pick<RunOptions, 'count' | 'duplicate' | 'garbage'>): Counter {
  // Until all are pushed, an estimate: an event that is copied has two copies on average.
  let total = Math.round(options.count * (1 + 2 * options.duplicate + options.garbage));
  let pushed = 0;
  let delivered = 0;
  const inFlight = new Map<number, readonly string[]>();

  const read = (record: HistoryRecord): void => {
    if (record.type === 'record-pushed') {
      pushed++;
      total = Math.max(total, pushed);
    } else if (record.type === 'stage-ended' && record.stage === 'push') {
      total = pushed;
    } else if (record.type === 'invoked' && !record.repeated) {
      inFlight.set(record.invocation, record.sequenceNumbers);
    } else if (record.type === 'batch-discarded') {
      delivered += record.sequenceNumbers.length;
    } else if (record.type === 'answered') {
      const records = inFlight.get(record.invocation) ?? [];
      inFlight.delete(record.invocation);
      if (record.outcome.kind === 'success') delivered += records.length;
      if (record.outcome.kind !== 'partial') return;
      // Records before the first failed one are acknowledged; the others are delivered again.
      const failed = new Set(record.outcome.failed);
      delivered += Math.max(
        0,
        records.findIndex((number) => failed.has(number)),
      );
    }
  };
  const countsOf = (stage: Stage) => {
    if (stage === 'push') return { done: pushed, total };
    return stage === 'deliver' ? { done: Math.min(delivered, total), total } : undefined;
  };
  return { read, countsOf };
}

function createLines(stream: NodeJS.WritableStream, counter: Counter): Display {
  return {
    started: (stage, atMs) => {
      stream.write(`${seconds(atMs).padStart(8)}  ${stage}\n`);
    },
    ended: (stage, atMs, tookMs) => {
      const counts = counter.countsOf(stage);
      const records = counts === undefined ? '' : `, ${plural(counts.done, 'record')}`;
      stream.write(`${seconds(atMs).padStart(8)}  ${stage} done in ${seconds(tookMs)}${records}\n`);
    },
    stop: () => {},
  };
}

const BAR_WIDTH = 30;
const FRAMES_PER_SECOND = 10;

function createBars(stream: NodeJS.WritableStream, colour: boolean, counter: Counter): Display {
  const paint = pc.createColors(colour);
  const bars = new Map<Stage, SingleBar>();
  const display = new MultiBar({
    stream,
    fps: FRAMES_PER_SECOND,
    hideCursor: true,
    // The command handles signals.
    gracefulExit: false,
    format: (_options, { progress }, { stage, amount, time }) => {
      const full = Math.round(progress * BAR_WIDTH);
      const bar = paint.cyan('█'.repeat(full)) + paint.dim('░'.repeat(BAR_WIDTH - full));
      return `${String(stage).padEnd(9)}${bar} ${String(amount).padEnd(24)}${time}`;
    },
  });
  const refresh = (stage: Stage, bar: SingleBar, time?: string): void => {
    const counts = counter.countsOf(stage);
    const payload = time === undefined ? {} : { time };
    if (counts === undefined) {
      if (time !== undefined) bar.update(1, payload);
      return;
    }
    bar.setTotal(Math.max(1, counts.total));
    const amount = `${count(counts.done)} of ${count(counts.total)}`;
    bar.update(counts.total === 0 ? 1 : counts.done, { amount, ...payload });
  };
  const refreshAll = (): void => {
    for (const [stage, bar] of bars) if (bar.isActive) refresh(stage, bar);
  };
  display.on('redraw-pre', refreshAll);
  return {
    started: (stage) => {
      bars.set(stage, display.create(1, 0, { stage, amount: '', time: '' }));
    },
    ended: (stage, _atMs, tookMs) => {
      const bar = bars.get(stage);
      if (bar === undefined) return;
      refresh(stage, bar, seconds(tookMs));
      bar.stop();
    },
    stop: () => {
      refreshAll();
      // Stopping cuts lines to the width and counts colours as text: draw whole lines before.
      if (bars.size > 0) display.update();
      display.stop();
    },
  };
}
