/** The Lambda function's entry: its logs and metrics, which must be written before it returns. */
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { BATCHES, EVENTS, MARK, TOTALS } from '../fixtures/small-history.ts';
import { type EntryRun, metricsOf, runEntry } from '../support/lambda-process.ts';
import { batchOf, startViewServer, type View, type ViewServer } from '../support/view.ts';

jest.setTimeout(30_000);
const ENTRY = fileURLToPath(new URL('../../src/handler/lambda.ts', import.meta.url));
const EVENTS_OF_LAMBDA = BATCHES.map((batch, at) => batchOf(batch, 1 + at * 100));

let server: ViewServer;
let view: View;
let run: EntryRun;
beforeAll(async () => {
  server = await startViewServer();
  view = await server.createView();
  run = await runEntry(ENTRY, {
    folder: tmpdir(),
    view,
    environment: { POWERTOOLS_SERVICE_NAME: 'winner-view-test' },
    events: EVENTS_OF_LAMBDA,
  });
});
afterAll(() => server.stop());

describe('the entry', () => {
  test('applies its records', async () => {
    expect(run.responses).toEqual(BATCHES.map(() => ({ batchItemFailures: [] })));
    expect(await view.differences(EVENTS)).toEqual([]);
    expect(await view.rows('Quarantine')).toHaveLength(1);
  });

  test('has written its metrics by the time it returns', () => {
    const metrics = metricsOf(run);
    expect(metrics).toHaveLength(BATCHES.length);
    for (const [name, total] of Object.entries(TOTALS)) {
      const sum = metrics.reduce((before, line) => before + Number(line[name]), 0);
      expect([name, sum]).toEqual([name, total]);
    }
    for (const line of metrics) {
      expect(Object.keys(TOTALS)).toEqual(
        line._aws.CloudWatchMetrics[0]?.Metrics.map(({ Name }) => Name).filter(
          (name) => name !== 'OldestRecordAge',
        ),
      );
      // The records are from 2017.
      expect(line['OldestRecordAge']).toBeGreaterThan(100_000_000_000);
      expect(line).toMatchObject({ service: 'winner-view-test', requestId: 'request-1' });
    }
  });

  test('has logged a structured line for each batch', () => {
    const lines = run.lines.filter((line) => !('_aws' in line));
    expect(lines).toHaveLength(BATCHES.length);
    expect(lines[0]).toMatchObject({
      level: 'INFO',
      message: 'batch handled',
      service: 'winner-view-test',
      function_request_id: 'request-1',
      records: 10,
      quarantined: 1,
      failed: 0,
    });
  });

  test('logs no payload', () => {
    expect(JSON.stringify(EVENTS)).toContain(MARK);
    expect(run.output).not.toContain(MARK);
  });
});

test('at level WARN, a batch without failures is only in the metrics', async () => {
  const quiet = await runEntry(ENTRY, {
    folder: tmpdir(),
    view: await server.createView(),
    environment: { POWERTOOLS_LOG_LEVEL: 'WARN' },
    events: EVENTS_OF_LAMBDA,
  });
  expect(quiet.lines).toHaveLength(BATCHES.length);
  expect(metricsOf(quiet)).toHaveLength(BATCHES.length);
});

test('without the name of a table it fails at the start', async () => {
  const started = runEntry(ENTRY, {
    folder: tmpdir(),
    view,
    environment: { TABLE_SCORES_NAME: '' },
    events: [],
  });
  await expect(started).rejects.toThrow('TABLE_SCORES_NAME is not set');
});
