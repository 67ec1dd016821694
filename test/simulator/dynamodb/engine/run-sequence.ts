/** Runs sequences of requests on the simulated DynamoDB and on a server. */
import { isDeepStrictEqual } from 'node:util';
import { createSimulatedDynamoDB } from '../../../../src/simulator/dynamodb/engine/database.ts';
import { normaliseNumber } from '../../../../src/simulator/dynamodb/engine/number.ts';
import type { ChoiceSequence } from './choice-sequence.ts';
import { type ComparableResult, canonical, fromDatabase, fromServer } from './comparable-result.ts';
import type { Server } from './json-server.ts';
import { definitions, type Request, request } from './random-request.ts';

/** What all sequences so far have covered. */
export interface Coverage {
  operations: number;
  readonly seen: Map<string, number>;
  /** By error name; "ok" for none. */
  readonly outcomes: Map<string, number>;
  /** Known differences, by name. */
  readonly known: Map<string, number>;
}

export function coverage(): Coverage {
  return { operations: 0, seen: new Map(), outcomes: new Map(), known: new Map() };
}

/** The part of a result that is compared. */
export type View = (result: ComparableResult) => unknown;

/** The name of a known difference; undefined: the results must not differ. */
export type Known = (
  made: Request,
  fake: ComparableResult,
  server: ComparableResult,
) => string | undefined;

export interface Difference {
  readonly request: Request;
  readonly fake: unknown;
  readonly server: unknown;
}

/**
 * Runs one sequence on new tables, with each request built from one list of numbers. Returns the
 * first unknown difference. A known one also ends the sequence if the tables may differ afterwards.
 */
export async function runSequence(
  server: Server,
  sequences: readonly (readonly number[])[],
  suffix: string,
  done: Coverage,
  view: View,
  known: Known,
): Promise<Difference | undefined> {
  const tables = definitions(suffix);
  const database = createSimulatedDynamoDB({ tables, now: () => 0 });
  for (const table of tables) await server.call('CreateTable', table);
  try {
    for (const numbers of sequences) {
      const choices: ChoiceSequence = { numbers, at: 0, careful: false, seen: done.seen };
      const made = uniqueToken(request(choices, suffix), suffix);
      const fake = await paged(made, async (page) => fromDatabase(database, page));
      const real = await paged(made, async ({ operation, input }) =>
        fromServer(await server.call(operation, input)),
      );
      done.operations++;
      count(done.outcomes, fake.error ?? 'ok');
      if (isDeepStrictEqual(view(fake), view(real))) continue;
      const name = known(made, fake, real);
      if (name === undefined) return { request: made, fake: view(fake), server: view(real) };
      count(done.known, name);
      if (fake.error !== real.error) return undefined;
    }
    return undefined;
  } finally {
    for (const { TableName } of tables) await server.call('DeleteTable', { TableName });
  }
}

/** A result without capacity and messages, and with normalised numbers. */
export function outline(result: ComparableResult): unknown {
  if (result.error) {
    const reasons = Array.isArray(result.reasons) ? result.reasons : [];
    return plainNumbers({
      error: result.error,
      item: result.item,
      reasons: reasons.map(({ Code, Item }) => ({ Code, Item })),
    });
  }
  const { ConsumedCapacity: _capacity, pages: _pages, items, ...output } = Object(result.output);
  const texts = ((items ?? []) as string[]).map((text) =>
    JSON.stringify(plainNumbers(JSON.parse(text))),
  );
  return plainNumbers({ ...output, items: texts.sort() });
}

function plainNumbers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainNumbers);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => {
      if (name === 'N' && typeof entry === 'string') return [name, normaliseNumber(entry)];
      const isSet = name === 'NS' && Array.isArray(entry);
      return [name, isSet ? entry.map(normaliseNumber).sort() : plainNumbers(entry)];
    }),
  );
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

/** A token is remembered longer than a sequence lasts. */
function uniqueToken({ operation, input }: Request, suffix: string): Request {
  const { ClientRequestToken: token } = input;
  return token
    ? { operation, input: { ...input, ClientRequestToken: token + suffix } }
    : { operation, input };
}

/** Reads a scan to its end and sorts its items, as the order of partitions is undefined. */
async function paged(
  made: Request,
  send: (page: Request) => Promise<ComparableResult>,
): Promise<ComparableResult> {
  if (made.operation !== 'Scan') return send(made);
  const items: unknown[] = [];
  const pages: unknown[] = [];
  let start: unknown;
  do {
    const input = { ...made.input, ...(start ? { ExclusiveStartKey: start } : {}) };
    const result = await send({ operation: 'Scan', input });
    if (result.error) return result;
    const output = result.output as Record<string, unknown>;
    items.push(...((output['Items'] as unknown[] | undefined) ?? []));
    pages.push([output['ScannedCount'], output['ConsumedCapacity']]);
    start = revived(output['LastEvaluatedKey']);
  } while (start);
  const texts = items.map((item) => JSON.stringify(canonical(item)));
  // The items of a page, and so its capacity, depend on the order of partitions.
  return { output: { items: texts.sort(), pages: made.input['Limit'] ? pages.length : pages } };
}

/** A key from a canonical result, in which bytes are base64. */
function revived(key: unknown): unknown {
  if (typeof key !== 'object' || key === null) return undefined;
  return Object.fromEntries(
    Object.entries(key as Record<string, { B?: string }>).map(([name, value]) => [
      name,
      value.B === undefined ? value : { B: Uint8Array.from(Buffer.from(value.B, 'base64')) },
    ]),
  );
}
