import { describe, expect, test } from '@jest/globals';
import type { Failure, InvariantFailure } from '../../../src/simulator/model/failure.ts';
import type { Figures } from '../../../src/simulator/model/run-result.ts';
import { createFigures } from '../../../src/simulator/report/figures.ts';
import { type Findings, judge } from '../../../src/simulator/run/verdict.ts';
import { sampleOptions } from '../report/sample.ts';

interface Changes {
  readonly malformed?: number;
  readonly discardedRecords?: number;
  readonly repeats?: number;
}

function figures({ malformed = 0, discardedRecords = 0, repeats = 0 }: Changes = {}): Figures {
  const none = createFigures().figures(undefined);
  return {
    ...none,
    disorder: { ...none.disorder, records: 100, malformed },
    delivery: { ...none.delivery, batches: 10, deliveredRecords: 100, discardedRecords, repeats },
  };
}

const findings = (changes: Partial<Findings> = {}): Findings => ({
  options: sampleOptions(),
  figures: figures(),
  differences: [],
  unexcused: changes.differences ?? [],
  quarantined: 0,
  ...changes,
});

/** Differences of these tables. */
const rows = (...tables: string[]) => tables.map((table) => ({ table }));

const STALL = { cause: 'timeouts-in-a-row', timeouts: 8 } as const;
const VIOLATION: InvariantFailure = {
  kind: 'invariant',
  watchPoint: { type: 'write', table: 'Scores' },
  invariant: 'not-negative',
  message: 'a score below zero',
};

describe('converged', () => {
  test.each<[string, Partial<Findings>]>([
    ['nothing is wrong and nothing is missing', {}],
    ['a view without a quarantine', { quarantined: undefined, figures: figures({ malformed: 3 }) }],
    [
      'as many in quarantine as were pushed',
      { quarantined: 3, figures: figures({ malformed: 3 }) },
    ],
    [
      'what was requested has happened',
      { options: sampleOptions({ repeatDelivery: 0.1 }), figures: figures({ repeats: 1 }) },
    ],
    ['an error of the handler that was retried', { lastHandlerError: 'Error: once' }],
  ])('%s', (_, changes) => {
    expect(judge(findings(changes))).toEqual({ verdict: 'converged', failures: [] });
  });
});

describe('diverged', () => {
  test.each<[string, Partial<Findings>, readonly Failure[]]>([
    ['one row', { differences: rows('A') }, [{ kind: 'rows', table: 'A', rows: 1 }]],
    [
      'rows of two tables, in their order',
      { differences: rows('B', 'B', 'A') },
      [
        { kind: 'rows', table: 'B', rows: 2 },
        { kind: 'rows', table: 'A', rows: 1 },
      ],
    ],
    [
      'a malformed record was dropped',
      { quarantined: 2, figures: figures({ malformed: 3 }) },
      [{ kind: 'quarantine', malformed: 3, rows: 2 }],
    ],
    [
      'a good record was quarantined',
      { quarantined: 1 },
      [{ kind: 'quarantine', malformed: 0, rows: 1 }],
    ],
    ['an invariant was broken', { violation: VIOLATION, differences: rows('A') }, [VIOLATION]],
  ])('%s', (_, changes, failures) => {
    expect(judge(findings(changes))).toEqual({ verdict: 'diverged', failures });
  });

  test('a table that is gone is excused by nothing', () => {
    expect(judge(findings({ gone: ['Seen'], stall: STALL }))).toEqual({
      verdict: 'diverged',
      failures: [
        { kind: 'table-gone', table: 'Seen' },
        { kind: 'stalled', stall: STALL },
      ],
    });
  });

  test('stays so where something requested did not happen, which is told too', () => {
    const options = sampleOptions({ repeatDelivery: 0.1 });
    expect(judge(findings({ options, differences: rows('A') }))).toEqual({
      verdict: 'diverged',
      failures: [{ kind: 'rows', table: 'A', rows: 1 }, { kind: 'no-repeat-delivery' }],
    });
  });
});

describe('unknown', () => {
  const failed: Failure = { kind: 'handler-error', error: 'Error: no' };

  test.each<[string, Partial<Findings>, readonly Failure[]]>([
    ['it stalled', { stall: STALL }, [{ kind: 'stalled', stall: STALL }]],
    [
      'it stalled, and the handler had failed',
      { stall: STALL, lastHandlerError: 'Error: no' },
      [{ kind: 'stalled', stall: STALL }, failed],
    ],
    [
      'records were discarded',
      { figures: figures({ discardedRecords: 1 }) },
      [{ kind: 'discarded', records: 1 }],
    ],
    [
      'records were discarded, and the handler had failed',
      { figures: figures({ discardedRecords: 2 }), lastHandlerError: 'Error: no' },
      [{ kind: 'discarded', records: 2 }, failed],
    ],
    [
      'no batch was repeated',
      { options: sampleOptions({ repeatDelivery: 0.1 }) },
      [{ kind: 'no-repeat-delivery' }],
    ],
    [
      'fewer kills happened than were requested',
      { figures: { ...figures(), kills: { asked: 2, happened: 1 } } },
      [{ kind: 'too-few-kills', requested: 2, happened: 1 }],
    ],
    [
      'a fault never happened',
      { options: sampleOptions({ faults: { slow: 0.1 } }) },
      [{ kind: 'fault-never-happened', fault: 'slow', ratio: 0.1 }],
    ],
  ])('%s', (_, changes, failures) => {
    expect(judge(findings(changes))).toEqual({ verdict: 'unknown', failures });
  });

  test.each<[string, Partial<Findings>, Failure['kind']]>([
    ['a stall', { stall: STALL }, 'stalled'],
    [
      'a discarded batch',
      {
        figures: figures({ discardedRecords: 1, malformed: 2 }),
        malformedDiscarded: 1,
        unexcused: [],
      },
      'discarded',
    ],
  ])('%s excuses what the tables lack, and comes first', (_, changes, first) => {
    const { verdict, failures } = judge(
      findings({ differences: rows('A', 'A'), quarantined: 1, ...changes }),
    );
    expect(verdict).toBe('unknown');
    expect(failures.map(({ kind }) => kind)).toEqual([first, 'rows', 'quarantine']);
  });
});

describe('where delivery is meant to give up', () => {
  const lossy = (changes: Partial<Findings> = {}) =>
    judge(
      findings({ expectsDiscards: true, figures: figures({ discardedRecords: 2 }), ...changes }),
    );

  test('what was discarded is neither a reason for doubt nor wrong', () => {
    expect(lossy()).toEqual({ verdict: 'converged', failures: [] });
    const excused = { differences: rows('A', 'A', 'A'), unexcused: [] };
    expect(lossy(excused)).toEqual({ verdict: 'converged', failures: [] });
  });

  test('a row on which no discarded record bears is wrong, and its table comes first', () => {
    expect(lossy({ differences: rows('A', 'B', 'B'), unexcused: rows('B') })).toEqual({
      verdict: 'diverged',
      failures: [
        { kind: 'rows', table: 'B', rows: 2, unexcused: 1 },
        { kind: 'rows', table: 'A', rows: 1, unexcused: 0 },
      ],
    });
    // Nothing was discarded after all.
    expect(lossy({ differences: rows('A'), figures: figures() }).verdict).toBe('diverged');
  });

  test.each([
    [1, 'converged'],
    [2, 'converged'],
    [0, 'diverged'],
    [3, 'diverged'],
  ])(
    'of 2 malformed records 1 was discarded, and %i are in quarantine: %s',
    (quarantined, verdict) => {
      const changes = { malformedDiscarded: 1, quarantined };
      const found = figures({ discardedRecords: 1, malformed: 2 });
      expect(lossy({ ...changes, figures: found }).verdict).toBe(verdict);
      const asUsual = judge(findings({ ...changes, figures: found })).verdict;
      expect(asUsual).toBe(verdict === 'converged' ? 'unknown' : 'diverged');
    },
  );

  test('a stall stays a stall, and a broken invariant is excused by nothing', () => {
    expect(lossy({ stall: STALL, differences: rows('A'), unexcused: [] }).verdict).toBe('unknown');
    expect(lossy({ violation: VIOLATION }).verdict).toBe('diverged');
  });
});
