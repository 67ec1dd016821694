/** Sequences of requests, on the fake and on a server at once. */
import { isDeepStrictEqual } from 'node:util';
import { createSimulatedDynamoDB } from '../../../../src/simulator/dynamodb/engine/database.ts';
import { normaliseNumber } from '../../../../src/simulator/dynamodb/engine/number.ts';
import { type Answer, ask, canonical, received } from './compare.ts';
import { definitions, type Request, request } from './requests.ts';
import type { Server } from './server.ts';
import type { Tape } from './tape.ts';

/** What was done in all sequences so far. */
export interface Coverage {
  operations: number;
  readonly seen: Map<string, number>;
  /** By error name; "ok" for none. */
  readonly outcomes: Map<string, number>;
  /** Differences that docs/internals/dynamodb-fidelity.md knows, by the name they have there. */
  readonly known: Map<string, number>;
}

export function coverage(): Coverage {
  return { operations: 0, seen: new Map(), outcomes: new Map(), known: new Map() };
}

/** An answer brought to the form in which two servers are compared. */
export type View = (answer: Answer) => unknown;

/** A known difference: its name, or undefined if the answers may not differ so. */
export type Known = (made: Request, fake: Answer, server: Answer) => string | undefined;

export interface Difference {
  readonly request: Request;
  readonly fake: unknown;
  readonly server: unknown;
}

/**
 * Runs one sequence on new tables, each request built from one list of numbers. Returns the first
 * difference. A known difference ends the sequence too if the tables may differ after it.
 */
export async function runSequence(
  server: Server,
  tapes: readonly (readonly number[])[],
  suffix: string,
  done: Coverage,
  view: View,
  known: Known,
): Promise<Difference | undefined> {
  const tables = definitions(suffix);
  const database = createSimulatedDynamoDB({ tables, now: () => 0 });
  for (const table of tables) await server.call('CreateTable', table);
  try {
    for (const numbers of tapes) {
      const tape: Tape = { numbers, at: 0, careful: false, seen: done.seen };
      const made = uniqueToken(request(tape, suffix), suffix);
      const fake = await paged(made, async (page) => ask(database, page));
      const real = await paged(made, async ({ operation, input }) =>
        received(await server.call(operation, input)),
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

/** An answer without capacity and messages, its numbers in one text (DynamoDB Local keeps the given). */
export function outline(answer: Answer): unknown {
  if (answer.error) {
    const reasons = Array.isArray(answer.reasons) ? answer.reasons : [];
    return plainNumbers({
      error: answer.error,
      item: answer.item,
      reasons: reasons.map(({ Code, Item }) => ({ Code, Item })),
    });
  }
  const { ConsumedCapacity: _capacity, pages: _pages, items, ...output } = Object(answer.output);
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

/** Tokens live longer than a sequence. */
function uniqueToken({ operation, input }: Request, suffix: string): Request {
  const { ClientRequestToken: token } = input;
  return token
    ? { operation, input: { ...input, ClientRequestToken: token + suffix } }
    : { operation, input };
}

/** A scan is read to its end, and its items lose their order: partitions have none. */
async function paged(made: Request, send: (page: Request) => Promise<Answer>): Promise<Answer> {
  if (made.operation !== 'Scan') return send(made);
  const items: unknown[] = [];
  const pages: unknown[] = [];
  let start: unknown;
  do {
    const input = { ...made.input, ...(start ? { ExclusiveStartKey: start } : {}) };
    const answer = await send({ operation: 'Scan', input });
    if (answer.error) return answer;
    const output = answer.output as Record<string, unknown>;
    items.push(...((output['Items'] as unknown[] | undefined) ?? []));
    pages.push([output['ScannedCount'], output['ConsumedCapacity']]);
    start = revived(output['LastEvaluatedKey']);
  } while (start);
  const texts = items.map((item) => JSON.stringify(canonical(item)));
  // Which items share a page, and so what each page costs, depends on the order of partitions.
  return { output: { items: texts.sort(), pages: made.input['Limit'] ? pages.length : pages } };
}

/** A key from an answer in canonical form: bytes are base64 there. */
function revived(key: unknown): unknown {
  if (typeof key !== 'object' || key === null) return undefined;
  return Object.fromEntries(
    Object.entries(key as Record<string, { B?: string }>).map(([name, value]) => [
      name,
      value.B === undefined ? value : { B: Uint8Array.from(Buffer.from(value.B, 'base64')) },
    ]),
  );
}
