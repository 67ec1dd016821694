import {
  DeleteItemCommand,
  PutItemCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import type { Finding } from '../../../src/ops/audit/findings.ts';
import { repair } from '../../../src/ops/audit/repair.ts';
import { startViewServer, type View, type ViewServer } from '../../support/view.ts';
import { auditView, deliver, historyOf, partsOf, repairView } from './audited-view.ts';

jest.setTimeout(60_000);
let server: ViewServer;
beforeAll(async () => {
  server = await startViewServer();
});
afterAll(() => server.stop());

const EVENTS = historyOf('audit', 60);

async function filled(events = EVENTS): Promise<View> {
  const view = await server.createView();
  await deliver(view, events);
  return view;
}

/** The `at`-th item of a table. */
async function pick(
  { client, names }: View,
  table: 'contributions' | 'scores' | 'events',
  at: number,
) {
  const { Items = [] } = await client.send(new ScanCommand({ TableName: names[table] }));
  const sorted = Items.sort((a, b) =>
    JSON.stringify(keyOf(a)) < JSON.stringify(keyOf(b)) ? -1 : 1,
  );
  return sorted[at % sorted.length] ?? {};
}
const keyOf = (item: object) =>
  Object.fromEntries(
    Object.entries(item).filter(([name]) =>
      ['productId', 'eventId', 'userId', 'role'].includes(name),
    ),
  );

test('tables that the handler has filled agree with each other', async () => {
  const view = await filled();
  const { wrong, changing, rows } = await auditView(view);
  expect({ wrong, changing }).toEqual({ wrong: [], changing: 0 });
  expect(rows.Events).toBe((await view.rows('Events')).length);
});

test('a score changed by hand is reported with its right value, and repaired without other changes', async () => {
  const view = await filled();
  const row = await pick(view, 'scores', 0);
  const was = Number(row['score']?.N);
  await view.client.send(
    new PutItemCommand({
      TableName: view.names.scores,
      Item: { ...row, score: { N: String(was + 7) } },
    }),
  );
  const { wrong } = await auditView(view);
  expect(wrong).toMatchObject([
    {
      table: 'Scores',
      key: [row['userId']?.S, row['role']?.S],
      expected: `score ${was}`,
      got: `score ${was + 7}`,
      why: expect.stringContaining('no product accounts for it'),
    },
  ]);
  const { repaired, wrong: left } = await repairView(view);
  expect(left).toEqual([]);
  expect(repaired).toHaveLength(1);
  expect(await view.differences(EVENTS)).toEqual([]);
});

/** Manual changes to one row, with numbers that fast-check draws. */
const MANUAL_CHANGES: Readonly<
  Record<string, (view: View, at: number, by: number) => Promise<unknown>>
> = {
  'a score changed': async (view, at, by) => {
    const row = await pick(view, 'scores', at);
    const score = { N: String(Number(row['score']?.N) + by) };
    return put(view, view.names.scores, { ...row, score });
  },
  'a score deleted': async (view, at) => {
    const row = await pick(view, 'scores', at);
    return view.client.send(
      new DeleteItemCommand({ TableName: view.names.scores, Key: keyOf(row) }),
    );
  },
  'a score of a user without one': (view, _, by) =>
    put(view, view.names.scores, {
      ...{ userId: { S: 'unknown' }, role: { S: 'creator' }, score: { N: String(by) } },
    }),
  'sales changed': (view, at, by) => add(view, at, ['_creatorSales'], by),
  'settled changed': (view, at, by) => add(view, at, ['_photographerSettled'], by),
  'both changed equally': (view, at, by) => add(view, at, ['_creatorSales', '_creatorSettled'], by),
  'an invented debt': async (view, at, by) => {
    const row = await pick(view, 'contributions', at);
    const debt = { role: { S: 'creator' }, userId: { S: 'debtor' }, score: { N: String(by) } };
    return put(view, view.names.contributions, { ...row, _debts: { L: [{ M: debt }] } });
  },
};

function put(view: View, TableName: string, Item: PutItemCommand['input']['Item']) {
  return view.client.send(new PutItemCommand({ TableName, Item }));
}

async function add(view: View, at: number, attributes: readonly string[], by: number) {
  const row = await pick(view, 'contributions', at);
  const names = Object.fromEntries(attributes.map((name, index) => [`#${index}`, name]));
  return view.client.send(
    new UpdateItemCommand({
      TableName: view.names.contributions,
      Key: keyOf(row),
      UpdateExpression: `ADD ${Object.keys(names).join(' :by, ')} :by`,
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: { ':by': { N: String(by) } },
    }),
  );
}

test('any manual changes to Scores and bookkeeping are found and repaired', async () => {
  const change = fc.tuple(
    fc.constantFrom(...Object.keys(MANUAL_CHANGES)),
    fc.nat(10),
    fc.integer({ min: -3, max: 3 }).filter((by) => by !== 0),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
      const view = await filled(EVENTS.slice(0, 30));
      for (const [name, at, by] of changes) await MANUAL_CHANGES[name]?.(view, at, by);
      const before = await view.differences(EVENTS.slice(0, 30));
      const { wrong } = await auditView(view);
      const named = wrong.map(({ table, key }) => JSON.stringify([table, ...key]));
      for (const { table, key } of before) expect(named).toContain(JSON.stringify([table, ...key]));
      expect((await repairView(view)).wrong).toEqual([]);
      expect(await view.differences(EVENTS.slice(0, 30))).toEqual([]);
      // The handler continues from the repaired tables.
      await deliver(view, EVENTS);
      expect(await view.differences(EVENTS)).toEqual([]);
    }),
    { numRuns: 20 },
  );
});

test('Events decides where purchases were removed or added by hand', async () => {
  const view = await filled();
  const row = await pick(view, 'events', 3);
  await view.client.send(new DeleteItemCommand({ TableName: view.names.events, Key: keyOf(row) }));
  await put(view, view.names.events, {
    ...{ productId: row['productId'] ?? { S: '' }, eventId: { S: 'z-late' } },
    ...{ origin: { S: 'a customer' }, timeOrigin: { S: '2026-01-01T00:00:00Z' } },
  });
  await repairView(view);
  expect((await auditView(view)).wrong).toEqual([]);
});

test('purchases whose product has no row are reported, and recorded only once after a repair', async () => {
  const view = await filled();
  const row = await pick(view, 'contributions', 1);
  const productId = row['productId']?.S;
  await view.client.send(
    new DeleteItemCommand({ TableName: view.names.contributions, Key: keyOf(row) }),
  );
  const { wrong } = await auditView(view);
  expect(wrong).toContainEqual(
    expect.objectContaining({ table: 'Contributions', key: [productId], got: 'no row' }),
  );
  await repairView(view);
  expect((await auditView(view)).wrong).toEqual([]);
  await deliver(view, EVENTS);
  expect(await view.differences(EVENTS)).toEqual([]);
});

describe('an invocation that crashed at any of its requests', () => {
  const [early, late] = [EVENTS.slice(0, 40), EVENTS.slice(40)];
  test.each([true, false])(
    'is completed by a repair (that request was executed: %s)',
    async (isAfter) => {
      let found = 0;
      for (let at = 0; ; at++) {
        const view = await filled(early);
        const requests = await deliver(view, late, { at, isAfter });
        if (requests <= at) break;
        found += (await auditView(view)).wrong.length;
        const { wrong, changing } = await repairView(view);
        expect({ at, wrong, changing }).toEqual({ at, wrong: [], changing: 0 });
        // Lambda delivers the batch again.
        await deliver(view, late);
        expect(await view.differences(EVENTS)).toEqual([]);
      }
      expect(found).toBeGreaterThan(0);
    },
  );
});

describe('a write of the handler between the read and the write of a repair', () => {
  /** Delivers the remaining events just before the first write of `repair`. */
  async function overtaken(view: View, finding: Finding, write: string) {
    let isDue = true;
    const client = new Proxy(view.client, {
      get(target, name, receiver) {
        if (name !== 'send') return Reflect.get(target, name, receiver);
        return async (command: { readonly constructor: { readonly name: string } }) => {
          if (isDue && command.constructor.name === write) {
            isDue = false;
            await deliver(view, EVENTS);
          }
          return target.send(command as never);
        };
      },
    });
    const outcome = await repair(finding, { ...partsOf(view), client });
    return { outcome, isDue };
  }

  test('of a product', async () => {
    const view = await filled(EVENTS.slice(0, 40));
    await deliver(view, EVENTS.slice(40, 50), { at: 4, isAfter: true });
    const [finding] = (await auditView(view)).wrong;
    if (finding === undefined) throw new Error('nothing was interrupted');
    expect(finding.kind).toBe('unfinished');
    const conflict = { outcome: 'conflict', isDue: false };
    expect(await overtaken(view, finding, 'TransactWriteItemsCommand')).toEqual(conflict);
    expect(await view.differences(EVENTS)).toEqual([]);
  });

  test('of a score', async () => {
    const view = await filled(EVENTS.slice(0, 20));
    await MANUAL_CHANGES['a score changed']?.(view, 0, 100);
    const [finding] = (await auditView(view)).wrong;
    if (finding === undefined) throw new Error('nothing is off');
    const conflict = { outcome: 'conflict', isDue: false };
    expect(await overtaken(view, finding, 'UpdateItemCommand')).toEqual(conflict);
    expect((await repairView(view)).wrong).toEqual([]);
    expect(await view.differences(EVENTS)).toEqual([]);
  });
});

test('beside a live handler, changing rows are not wrong, and a repair overwrites nothing', async () => {
  const view = await server.createView();
  let at = 0;
  // The handler works while the audit waits for its second pass.
  const pause = async () => {
    await deliver(view, EVENTS.slice(at, at + 8));
    at += 8;
  };
  await deliver(view, EVENTS.slice(0, 8), { at: 5, isAfter: true });
  const { wrong } = await auditView(view, pause);
  expect(wrong).toEqual([]);
  const repairs = Promise.all([repairView(view), repairView(view)]);
  for (; at < EVENTS.length; at += 8) await deliver(view, EVENTS.slice(at, at + 8));
  await repairs;
  await deliver(view, EVENTS);
  expect(await view.differences(EVENTS)).toEqual([]);
  expect((await auditView(view)).wrong).toEqual([]);
});
