/**
 * All schedules of a small history: their numbers are pinned, so that a lost schedule is noticed,
 * and the search is compared with one that performs every schedule.
 */
import { expect, jest, test } from '@jest/globals';
import { createDynamoDBViewStore } from '../../../src/handler/dynamodb/view-store.ts';
import {
  type HandlerLoader,
  loaderOf,
  loadShippedHandler,
} from '../../../src/simulator/execution/virtual/shipped.ts';
import {
  type Arrangement,
  arrangements,
} from '../../../src/simulator/search/exhaustive/arrangements.ts';
import { exhaust } from '../../../src/simulator/search/exhaustive/exhaust.ts';
import { winner } from '../../../src/simulator/workload/winner/winner.ts';
import { endingOf, everySchedule } from './every-schedule.ts';
import { named } from './named.ts';

jest.setTimeout(240_000);

test('arrangements: each order, at most one copy, each cut in two, the order of the two ignored', () => {
  expect(arrangements(1)).toEqual([[[0]], [[0], [0]], [[0, 0]]].toSorted());
  expect([2, 3, 4].map((count) => arrangements(count).length)).toEqual([15, 102, 780]);
});

test.each([
  [
    2,
    {
      arrangements: 15,
      arrangementsTotal: 15,
      states: 3693,
      steps: 6834,
      schedules: 61202,
      endings: 3,
      runs: 311,
    },
  ],
  [
    3,
    {
      arrangements: 102,
      arrangementsTotal: 102,
      states: 40896,
      steps: 79490,
      schedules: 2012518,
      endings: 6,
      runs: 2423,
    },
  ],
  [
    4,
    {
      arrangements: 780,
      arrangementsTotal: 780,
      states: 713074,
      steps: 1420776,
      schedules: 136419464,
      endings: 7,
      runs: 30288,
    },
  ],
])('%i events: every schedule, and a death after any write', async (count, counts) => {
  const exhausted = await exhaust({ workload: winner, events: named(count) });
  expect(exhausted).toEqual(counts);
});

const NONE_DIES = [...arrangements(1), ...arrangements(2)];

test.each(NONE_DIES.map((arrangement) => [JSON.stringify(arrangement), arrangement] as const))(
  '%s: as many schedules, and the same tables at their ends, as one by one',
  async (_, arrangement) => {
    expect(await cleverly(arrangement, false)).toEqual(await dumbly(arrangement, 'none'));
  },
);

test.each([[[[0], [0]]], [[[1, 0], [0]]], [[[0, 1]]]])(
  '%j with a death after any change: the same as one by one',
  async (arrangement) => {
    expect(await cleverly(arrangement, true)).toEqual(await dumbly(arrangement, 'after a change'));
  },
);

test.each([[[[0, 1]]], [[[0], [0]]]])(
  '%j: a death anywhere else leaves nothing that those after a change do not leave',
  async (arrangement) => {
    const { endings, schedules } = await dumbly(arrangement, 'anywhere');
    const clever = await cleverly(arrangement, true);
    expect(schedules).toBeGreaterThan(clever.schedules);
    expect(endings).toEqual(clever.endings);
  },
);

function eventsOf(arrangement: Arrangement) {
  return named(1 + Math.max(...arrangement.flat()));
}

async function cleverly(arrangement: Arrangement, withDeaths: boolean, load = loadShippedHandler) {
  const endings = new Set<string>();
  const { schedules, failed } = await exhaust({
    workload: winner,
    events: eventsOf(arrangement),
    arrangements: [arrangement],
    withDeaths,
    load,
    onEnding: (tables) => endings.add(endingOf(tables)),
  });
  return { schedules, endings, isWrong: failed !== undefined };
}

async function dumbly(
  arrangement: Arrangement,
  deaths: 'none' | 'after a change' | 'anywhere',
  load = loadShippedHandler,
) {
  const parts = { workload: winner, events: eventsOf(arrangement), arrangement, load, deaths };
  const { schedules, endings, violation } = await everySchedule(parts);
  return { schedules, endings, isWrong: violation !== undefined };
}

type Send = (command: { input: Record<string, unknown> }, ...more: unknown[]) => Promise<object>;

/** The shipped handler with a changed client. */
function handlerWith(between: (send: Send) => Send): HandlerLoader {
  return loaderOf({
    createStore: (client, ...rest) => {
      const send = client.send.bind(client) as unknown as Send;
      return createDynamoDBViewStore({ send: between(send) } as unknown as typeof client, ...rest);
    },
  });
}

/** Bugs of several kinds: an operation that is changed or omitted. */
const BUGS: Readonly<Record<string, HandlerLoader>> = {
  'rows are written without the condition that detects a concurrent write': handlerWith(
    (send) =>
      (command, ...more) => {
        const { input } = command;
        if (input['UpdateExpression'] !== undefined) delete input['ConditionExpression'];
        const { ExpressionAttributeValues: values, UpdateExpression: update } = input;
        for (const name of Object.keys(values ?? {})) {
          if (!String(update).match(new RegExp(`${name}\\b`))) {
            delete (values as Record<string, unknown>)[name];
          }
        }
        return send(command, ...more);
      },
  ),
  'no copy is found': without('BatchGetItem', 'memory-Events', { Responses: {} }),
  'no purchase gets a row': without('BatchWriteItem', 'memory-Events', {}),
  'nothing is counted again': without('Query', 'memory-Events', { Count: 0 }),
  'no score is transferred': without('TransactWriteItems', 'memory-Scores', {}),
};

function without(operation: string, table: string, answer: object): HandlerLoader {
  return handlerWith((send) => async (command, ...more) => {
    const isMeant =
      command.constructor.name === `${operation}Command` &&
      JSON.stringify(command.input).includes(table);
    return isMeant ? answer : send(command, ...more);
  });
}

test.each(Object.entries(BUGS))(
  'where %s, both searches find it or neither does',
  async (_, load) => {
    let found = 0;
    for (const arrangement of NONE_DIES) {
      const clever = await cleverly(arrangement, false, load);
      const dumb = await dumbly(arrangement, 'none', load);
      expect([arrangement, clever.isWrong]).toEqual([arrangement, dumb.isWrong]);
      if (clever.isWrong) found++;
      else expect(clever).toEqual(dumb);
    }
    expect(found).toBeGreaterThan(0);
  },
);
