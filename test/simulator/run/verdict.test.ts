import { describe, expect, test } from '@jest/globals';
import type { Figures } from '../../../src/simulator/model/run-result.ts';
import { createFigures } from '../../../src/simulator/report/figures.ts';
import { type Findings, judge as judgeAll } from '../../../src/simulator/run/verdict.ts';
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
  differences: 0,
  quarantined: 0,
  figures: figures(),
  stalled: undefined,
  ...changes,
});

const judge = (found: Findings) => {
  const { verdict, reasons } = judgeAll(found);
  return { verdict, reasons };
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
      'what was asked for has happened',
      { options: sampleOptions({ repeatDelivery: 0.1 }), figures: figures({ repeats: 1 }) },
    ],
  ])('%s', (_, changes) => {
    expect(judge(findings(changes))).toEqual({ verdict: 'converged', reasons: [] });
  });
});

describe('diverged', () => {
  test.each<[string, Partial<Findings>, string]>([
    ['one row', { differences: 1 }, '1 row differs from the reference'],
    ['rows', { differences: 2 }, '2 rows differ from the reference'],
    [
      'a malformed record was dropped',
      { quarantined: 2, figures: figures({ malformed: 3 }) },
      '3 malformed records pushed, but 2 rows in quarantine',
    ],
    [
      'a good record was quarantined',
      { quarantined: 1 },
      '0 malformed records pushed, but 1 row in quarantine',
    ],
  ])('%s', (_, changes, reason) => {
    expect(judge(findings(changes))).toEqual({ verdict: 'diverged', reasons: [reason] });
  });

  test('a table that is gone is excused by nothing', () => {
    const { verdict, reasons } = judge(findings({ gone: ['Seen'], stalled: 'it stalled' }));
    expect(verdict).toBe('diverged');
    expect(reasons).toEqual([
      'table Seen is gone: the handler has deleted it, and with it every row',
      'it stalled',
    ]);
  });

  test('stays so, though something asked for did not happen: it is said too', () => {
    const options = sampleOptions({ repeatDelivery: 0.1 });
    expect(judge(findings({ options, differences: 1 }))).toEqual({
      verdict: 'diverged',
      reasons: [expect.stringMatching(/differ/), expect.stringMatching(/--repeat-delivery/)],
    });
  });
});

describe('unknown', () => {
  test.each<[string, Partial<Findings>, RegExp]>([
    ['it stalled', { stalled: 'a batch was given up' }, /^a batch was given up$/],
    [
      'records were discarded',
      { figures: figures({ discardedRecords: 1 }) },
      /^1 record discarded/,
    ],
    [
      'records were discarded, and the handler said why',
      { figures: figures({ discardedRecords: 2 }), lastError: 'Error: no' },
      /^2 records discarded .*; the last error was Error: no$/,
    ],
    [
      'no batch was repeated',
      { options: sampleOptions({ repeatDelivery: 0.1 }) },
      /^--repeat-delivery was asked for, and no batch/,
    ],
  ])('%s', (_, changes, reason) => {
    const { verdict, reasons } = judge(findings(changes));
    expect({ verdict, reasons }).toEqual({
      verdict: 'unknown',
      reasons: [expect.stringMatching(reason)],
    });
  });

  test.each([
    [0, '0 workers were'],
    [1, '1 worker was'],
  ])('%d of 2 kills happened', (happened, shown) => {
    const kills = { asked: 2, happened };
    expect(judge(findings({ figures: { ...figures(), kills } }))).toEqual({
      verdict: 'unknown',
      reasons: [`--kill 2 was asked for, and ${shown} killed in mid-batch`],
    });
  });

  test.each<[string, Partial<Findings>]>([
    ['a stall', { stalled: 'a batch was given up' }],
    [
      'a discarded batch',
      { figures: figures({ discardedRecords: 1, malformed: 2 }), malformedLost: 1 },
    ],
  ])('%s excuses what the tables lack, and comes first', (_, changes) => {
    const { verdict, reasons } = judge(findings({ ...changes, differences: 5, quarantined: 1 }));
    expect(verdict).toBe('unknown');
    expect(reasons).toHaveLength(3);
    expect(reasons[0]).not.toMatch(/differ|quarantine/);
  });
});

describe('where delivery gives up on purpose', () => {
  const lost = (changes: Partial<Findings> = {}) =>
    judge(
      findings({ losesOnPurpose: true, figures: figures({ discardedRecords: 2 }), ...changes }),
    );

  test('what was lost is neither a reason for doubt nor wrong', () => {
    expect(lost()).toEqual({ verdict: 'converged', reasons: [] });
    expect(lost({ differences: 3, unexcused: 0 })).toEqual({ verdict: 'converged', reasons: [] });
  });

  test('a row on which nothing bears that was lost is wrong', () => {
    expect(lost({ differences: 3, unexcused: 1 })).toEqual({
      verdict: 'diverged',
      reasons: ['3 rows differ from the reference', 'no discarded record bears on 1 of them'],
    });
    // Nothing was lost after all.
    expect(lost({ differences: 1, unexcused: 1, figures: figures() }).verdict).toBe('diverged');
  });

  test.each([
    [1, 'converged'],
    [2, 'converged'],
    [0, 'diverged'],
    [3, 'diverged'],
  ])('of 2 malformed records 1 was lost, and %i are in quarantine: %s', (quarantined, verdict) => {
    const changes = { malformedLost: 1, quarantined };
    const found = figures({ discardedRecords: 1, malformed: 2 });
    expect(lost({ ...changes, figures: found }).verdict).toBe(verdict);
    const asUsual = judge(findings({ ...changes, figures: found })).verdict;
    expect(asUsual).toBe(verdict === 'converged' ? 'unknown' : 'diverged');
  });

  test('a stall stays a stall, and a broken invariant is excused by nothing', () => {
    expect(lost({ stalled: 'it stalled', differences: 1, unexcused: 0 }).verdict).toBe('unknown');
    expect(
      lost({ violation: { kind: 'when Scores is written', text: 'a score below zero' } }).verdict,
    ).toBe('diverged');
  });
});

describe('what was seen is the same for failures of one kind', () => {
  test.each<[string, Partial<Findings>, string | undefined]>([
    ['nothing', {}, undefined],
    [
      'an invariant',
      { violation: { kind: 'when Scores is written', text: 'the score of ann is -1' } },
      'an invariant, when Scores is written',
    ],
    ['rows', { differences: 2, unexcused: 2, wrongTable: 'Scores' }, 'rows of Scores'],
    [
      'a table that is gone',
      { gone: ['Seen'] },
      'table Seen is gone: the handler has deleted it, and with it every row',
    ],
    ['the quarantine', { quarantined: 1 }, 'rows in quarantine'],
    [
      'a stall',
      { stalled: 'a batch of shardId-0012 failed 40 times; the last error was 7' },
      'a batch of shardId-N failed N times',
    ],
    [
      'a loss that is excused',
      { differences: 1, unexcused: 0, figures: figures({ discardedRecords: 3 }) },
      'N records discarded to the on-failure destination',
    ],
  ])('%s', (_, changes, seen) => {
    expect(judgeAll(findings(changes)).seen).toBe(seen);
  });
});
