/** All schedules of a small history: counted, and the counts pinned, so that none is lost unnoticed. */
import { expect, jest, test } from '@jest/globals';
import { createHandler } from '../../../src/handler/create-handler.ts';
import { createTables } from '../../../src/handler/tables.ts';
import { arrangements } from '../../../src/simulator/search/arrangements.ts';
import { exhaust } from '../../../src/simulator/search/exhaustive.ts';
import { named } from '../../../src/simulator/workload/winner/named.ts';
import { winner } from '../../../src/simulator/workload/winner/winner.ts';
import { loaderOf } from '../../../src/simulator/world/memory/shipped.ts';

jest.setTimeout(120_000);

test('arrangements: each order, at most one copy, each cut in two, neither called the first', () => {
  expect(arrangements(1)).toEqual([[[0]], [[0], [0]], [[0, 0]]].toSorted());
  expect([2, 3, 4].map((count) => arrangements(count).length)).toEqual([15, 102, 780]);
});

test('two events: every schedule, and a death after any write', async () => {
  const { failure, ...counts } = await exhaust({ workload: winner, events: named(2) });
  expect(failure).toBeUndefined();
  expect(counts).toEqual({ arrangements: 15, states: 3771, schedules: 320, executions: 3441 });
});

/** Rows are written without looking whether somebody else was faster. */
const careless = loaderOf({
  createHandler: (made) => createHandler(made),
  createTables: (client, ...rest) =>
    createTables(
      {
        send(command: { input: Record<string, unknown> }, ...more: unknown[]) {
          const { input } = command;
          if (input['UpdateExpression'] !== undefined) delete input['ConditionExpression'];
          const { ExpressionAttributeValues: values, UpdateExpression: update } = input;
          for (const name of Object.keys(values ?? {})) {
            if (!String(update).match(new RegExp(`${name}\\b`))) {
              delete (values as Record<string, unknown>)[name];
            }
          }
          return (client.send as (...words: unknown[]) => unknown)(command, ...more);
        },
      } as unknown as typeof client,
      ...rest,
    ),
});

test('a race is found', async () => {
  const { failure } = await exhaust({ workload: winner, events: named(2), load: careless });
  expect(failure?.reason).toBeDefined();
});
