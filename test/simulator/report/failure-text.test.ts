/** Every failure is a sentence of one line, and its kind stands in the published schema. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import type { Failure, Stall } from '../../../src/simulator/model/failure.ts';
import { failureText } from '../../../src/simulator/report/failure-text.ts';

const schema = JSON.parse(readFileSync('schemas/result.schema.json', 'utf8'));
const KINDS: readonly string[] = schema.$defs.failure.properties.kind.enum;

const stalled = (stall: Stall): Failure => ({ kind: 'stalled', stall });
const where =
  'look at the function of s: is its event source mapping enabled, what does its log say, ' +
  'is its iterator age growing (docs/operations/runbook.md)';

test.each<[Failure, string]>([
  [{ kind: 'rows', table: 'A', rows: 1 }, '1 row of A differs from the reference'],
  [{ kind: 'rows', table: 'A', rows: 2 }, '2 rows of A differ from the reference'],
  [
    { kind: 'rows', table: 'A', rows: 3, unexcused: 1 },
    '3 rows of A differ from the reference; no discarded record bears on 1 of them',
  ],
  [
    { kind: 'rows', table: 'A', rows: 3, unexcused: 0 },
    '3 rows of A differ from the reference; discarded records bear on all of them',
  ],
  [
    {
      kind: 'invariant',
      watchPoint: { type: 'commit' },
      invariant: 'not-negative',
      message: 'the balance of ann is -1',
    },
    'an invariant was broken: the balance of ann is -1',
  ],
  [
    { kind: 'quarantine', malformed: 3, rows: 2 },
    '3 malformed records pushed, but 2 rows in quarantine',
  ],
  [
    { kind: 'quarantine', malformed: 0, rows: 1 },
    '0 malformed records pushed, but 1 row in quarantine',
  ],
  [{ kind: 'table-gone', table: 'A' }, 'table A is gone: the handler deleted it with all its rows'],
  [
    stalled({ cause: 'attempts-exhausted', shardId: 'shardId-0', attempts: 40 }),
    'a batch of shardId-0 failed 40 times in a row, and was given up',
  ],
  [
    stalled({ cause: 'timeouts-in-a-row', timeouts: 8 }),
    '8 invocations in a row ran past the time-out, and delivery was given up',
  ],
  [
    stalled({ cause: 'not-delivered-in-time', boundMs: 61_000 }),
    'not everything was delivered within 61 s after the last fault',
  ],
  [
    stalled({ cause: 'too-many-requests', requestsMax: 5000 }),
    'over 5,000 requests were made, and not everything was delivered',
  ],
  [
    stalled({
      cause: 'sentinels-missing',
      shardIds: ['a', 'b'],
      waitSeconds: 9,
      stackName: 's',
    }),
    `the last record of a, b was not applied within 9 s (--wait): ${where}`,
  ],
  [
    stalled({ cause: 'tables-not-still', stillSeconds: 2, waitSeconds: 9, stackName: 's' }),
    `the tables still changed, or had not been unchanged for 2 s (--still), 9 s after the last put (--wait): ${where}`,
  ],
  [
    stalled({ cause: 'batches-given-up', batches: 1 }),
    'Lambda gave up 1 batch, listed in the failure queue: see simulate redrive',
  ],
  [{ kind: 'discarded', records: 50 }, '50 records discarded to the on-failure destination'],
  [{ kind: 'handler-error', error: 'Error: no' }, 'the last error of the handler was Error: no'],
  [
    { kind: 'not-simulated', name: 'a socket' },
    'the handler used a socket, which is not simulated',
  ],
  [{ kind: 'no-repeat-delivery' }, '--repeat-delivery: no batch was delivered twice'],
  [
    { kind: 'too-few-kills', requested: 2, happened: 0 },
    '--kill 2: 0 workers were killed in mid-batch',
  ],
  [
    { kind: 'too-few-kills', requested: 2, happened: 1 },
    '--kill 2: 1 worker was killed in mid-batch',
  ],
  [
    { kind: 'fault-never-happened', fault: 'index-lag', ratio: 0.2 },
    '--fault index-lag=0.2: the fault never happened',
  ],
  [
    { kind: 'not-repeatable', first: 'a', second: 'b' },
    'the same run had another history the second time (a, then b): it is not deterministic',
  ],
  [
    { kind: 'not-repeatable', first: 'a' },
    'the same run had another history the second time (a, then none): it is not deterministic',
  ],
  [
    { kind: 'records-lost', records: 1 },
    '1 record acknowledged to producers and never read from the stream',
  ],
  [
    {
      kind: 'virtual-users-unfinished',
      virtualUsers: 3,
      of: 10,
      errors: { RangeError: 2, TypeError: 1 },
    },
    '3 of 10 virtual users did not finish (RangeError 2, TypeError 1): fewer records were put than planned',
  ],
  [
    { kind: 'row', difference: { table: 'A', key: ['a'], expected: { n: 1 }, actual: undefined } },
    'A a: expected {"n":1}, got no row',
  ],
  [{ kind: 'not-reached', what: 'situation', name: 'here' }, 'never reached: “here”'],
  [{ kind: 'not-reached', what: 'fault', name: 'crash' }, 'never reached: the fault crash'],
  [{ kind: 'runs-diverged', runs: 2, of: 3000 }, '2 of 3,000 runs diverged'],
  [
    { kind: 'runs-not-repeatable', seeds: ['a', 'b', 'c', 'd'] },
    '4 runs differed when repeated: a, b, c',
  ],
  [
    { kind: 'invocation-requests', requests: 30, requestsMax: 28 },
    'an invocation made 30 requests; the limit is 28',
  ],
  [
    { kind: 'control-caught', failure: { kind: 'rows', table: 'A', rows: 1 } },
    'the shipped handler was caught: 1 row of A differs from the reference',
  ],
  [
    {
      kind: 'caught-by-another-check',
      mutant: 'm',
      check: 'cost',
      expected: ['invariant', 'divergence'],
    },
    'm was caught by cost, not by invariant or divergence',
  ],
])('%j', (failure, text) => {
  expect(failureText(failure)).toBe(text);
  expect(KINDS).toContain(failure.kind);
});
