import { describe, expect, test } from '@jest/globals';
import { createProgress, type Progress } from '../../src/cli/progress.ts';
import type { HistoryFact, InvocationOutcome } from '../../src/simulator/model/history.ts';
import { WrittenText } from './terminal.ts';

const options = { count: 3, duplicate: 0, garbage: 0 };

function feed(progress: Progress, ...timed: readonly (readonly [number, HistoryFact])[]): void {
  for (const [atMs, fact] of timed) progress.read({ atMs, ...fact });
}
const started = (stage: 'push' | 'deliver' | 'check'): HistoryFact => ({
  type: 'stage-started',
  stage,
});
const ended = (stage: 'push' | 'deliver' | 'check'): HistoryFact => ({
  type: 'stage-ended',
  stage,
});
const pushed: HistoryFact = {
  type: 'record-pushed',
  push: 0,
  event: 0,
  copy: 0,
  shardId: 's',
  sequenceNumber: '1',
};
const invoked = (
  invocation: number,
  repeated: boolean,
  ...sequenceNumbers: string[]
): HistoryFact => ({
  type: 'invoked',
  invocation,
  worker: 'w',
  shardId: 's',
  attempt: 1,
  repeated,
  sequenceNumbers,
});
const answered = (invocation: number, outcome: InvocationOutcome): HistoryFact => ({
  type: 'answered',
  invocation,
  outcome,
});

/**
 * Three records; of the first batch the last fails, comes again, and the first batch is repeated.
 */
const RUN = [
  [100, started('push')],
  [110, pushed],
  [120, pushed],
  [130, pushed],
  [600, ended('push')],
  [600, started('deliver')],
  [700, invoked(1, false, '1', '2', '3')],
  [800, answered(1, { kind: 'partial', failed: ['3'] })],
  [900, invoked(2, false, '3')],
  [1000, answered(2, { kind: 'success' })],
  [1000, invoked(3, true, '1', '2')],
  [1100, answered(3, { kind: 'success' })],
  [1600, ended('deliver')],
] as const;

describe('where the output is not a terminal', () => {
  test('a plain line when a stage begins, and one with its time when it ends', () => {
    const stream = new WrittenText();
    const progress = createProgress(stream, { terminal: false, colour: false }, options);
    feed(progress, ...RUN, [1700, started('check')]);
    progress.stop();
    expect(stream.text).toBe(
      [
        '   0.1 s  push',
        '   0.6 s  push done in 0.5 s, 3 records',
        '   0.6 s  deliver',
        '   1.6 s  deliver done in 1.0 s, 3 records',
        '   1.7 s  check',
        '',
      ].join('\n'),
    );
  });

  test('discarded records are done with; nothing is written once stopped', () => {
    const stream = new WrittenText();
    const progress = createProgress(stream, { terminal: false, colour: false }, options);
    feed(progress, [0, started('deliver')], [0, invoked(1, false, '1', '2')]);
    feed(progress, [0, answered(1, { kind: 'failure', error: 'x' })]);
    const reason = 'retry-attempts-exhausted';
    const discarded = {
      shardId: 's',
      reason,
      invocations: 1,
      sequenceNumbers: ['1', '2'],
    } as const;
    feed(progress, [0, { type: 'batch-discarded', ...discarded }], [500, ended('deliver')]);
    expect(stream.text).toContain('done in 0.5 s, 2 records');
    progress.stop();
    feed(progress, [600, started('check')]);
    expect(stream.text).not.toContain('check');
  });
});

describe('on a terminal', () => {
  test('a bar for each stage; at the end all are full and the cursor is back', () => {
    const stream = new WrittenText(true);
    const progress = createProgress(stream, { terminal: true, colour: false }, options);
    feed(progress, ...RUN, [1700, started('check')], [1900, ended('check')]);
    progress.stop();
    progress.stop();
    const last = stream.text.slice(stream.text.lastIndexOf('push '));
    expect(last).toMatch(/^push {5}█{30} 3 of 3 +0\.5 s/);
    expect(last).toMatch(/deliver {2}█{30} 3 of 3 +1\.0 s/);
    expect(last).toMatch(/check {4}█{30} +0\.2 s/);
    expect(stream.text.lastIndexOf('\u001b[?25h')).toBeGreaterThan(
      stream.text.lastIndexOf('[?25l'),
    );
    expect(stream.text).not.toContain('\u001b[36m');
  });

  test('stopped in mid-stage, it leaves the terminal as it was', () => {
    const stream = new WrittenText(true);
    const progress = createProgress(stream, { terminal: true, colour: true }, options);
    feed(progress, ...RUN.slice(0, 3));
    progress.stop();
    const hidden = stream.text.lastIndexOf('\u001b[?25l');
    expect(hidden).toBeGreaterThanOrEqual(0);
    expect(stream.text.lastIndexOf('\u001b[?25h')).toBeGreaterThan(hidden);
    expect(stream.text).toMatch(/push.*2 of 3/);
    expect(stream.text).toContain('\u001b[36m');
  });
});
