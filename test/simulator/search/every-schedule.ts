/**
 * A naive exhaustive search that the real one is compared with: every schedule is performed from
 * its beginning, with handlers that run and a database of its own, and none is skipped because it
 * is like another. The two share only the arrangements and the call of a handler.
 */

import { compare, type StoredTables } from '../../../src/simulator/check/check.ts';
import { unmarshalItem } from '../../../src/simulator/dynamodb/client/unmarshal.ts';
import { createSimulatedDynamoDB } from '../../../src/simulator/dynamodb/engine/database.ts';
import type { TableDefinition } from '../../../src/simulator/dynamodb/engine/schema.ts';
import type { RequestPath } from '../../../src/simulator/execution/virtual/request-path.ts';
import type { HandlerLoader } from '../../../src/simulator/execution/virtual/shipped.ts';
import type { Row, Workload } from '../../../src/simulator/model/workload.ts';
import type { Arrangement, Batch } from '../../../src/simulator/search/exhaustive/arrangements.ts';
import { failedOf, invoke, quiescence } from '../../../src/simulator/search/exhaustive/invoke.ts';
import { readTableDefinitions } from '../../../src/simulator/stack-template.ts';

export interface EveryScheduleParts<Event> {
  readonly workload: Workload<Event>;
  readonly events: readonly Event[];
  readonly arrangement: Arrangement;
  readonly load: HandlerLoader;
  /**
   * When a worker may die, once: never; after a write that changed something; or at any request,
   * before and after it has been carried out.
   */
  readonly deaths: 'none' | 'after a change' | 'anywhere';
}

export interface EverySchedule {
  readonly schedules: number;
  /** What the tables held at the end, bookkeeping included, each once. */
  readonly endings: ReadonlySet<string>;
  /** The first that didn't end well, or in which an invariant broke: none is followed after it. */
  readonly violation: string | undefined;
}

type Death = 'before' | 'after' | undefined;

interface Invocation {
  readonly batch: Batch;
  readonly pending: Pending[];
  answer: unknown;
  state: 'working' | 'dead' | 'answered' | 'over';
}

interface Pending {
  readonly operation: string;
  readonly input: object;
  resolve(body: object): void;
  reject(error: unknown): void;
}

const STAGE = 'memory';
const tables: readonly TableDefinition[] = readTableDefinitions(STAGE).map(({ input }) => input);

export async function everySchedule<Event>(
  parts: EveryScheduleParts<Event>,
): Promise<EverySchedule> {
  const endings = new Set<string>();
  /** Beginnings of schedules, as choices, that are still to be followed. */
  const open: number[][] = [[]];
  let schedules = 0;
  for (let prefix = open.pop(); prefix !== undefined; prefix = open.pop()) {
    const taken: number[] = [];
    const begun = prefix;
    const choose = (count: number): number => {
      const chosen = begun[taken.length];
      if (chosen === undefined) for (let at = 1; at < count; at++) open.push([...taken, at]);
      taken.push(chosen ?? 0);
      return chosen ?? 0;
    };
    const { ending, violation } = await carryOut(parts, choose);
    schedules++;
    if (violation !== undefined) return { schedules, endings, violation };
    endings.add(ending);
  }
  return { schedules, endings, violation: undefined };
}

async function carryOut<Event>(
  { workload, events, arrangement, load, deaths }: EveryScheduleParts<Event>,
  choose: (count: number) => number,
): Promise<{ readonly ending: string; readonly violation: string | undefined }> {
  const watcher = workload.watch?.();
  let violation: string | undefined;
  let changes = 0;
  const database = createSimulatedDynamoDB({
    tables,
    now: () => 0,
    onWritten(table, before, after) {
      const [was, is] = [before && database.toPlain(before), after && database.toPlain(after)];
      if (JSON.stringify(was) !== JSON.stringify(is)) changes++;
      violation ??= watcher?.wrote(table.slice(STAGE.length + 1), was, is)?.message;
    },
  });
  const invocations: Invocation[] = [];

  const start = (batch: Batch): void => {
    const invocation: Invocation = { batch, pending: [], answer: undefined, state: 'working' };
    invocations.push(invocation);
    const requestPath: RequestPath = (_, operation, input) =>
      new Promise((resolve, reject) => {
        invocation.pending.push({ operation, input, resolve, reject });
      });
    invoke({ workload, events, batch, load, requestPath, stage: STAGE }).then(
      (answer: unknown) => {
        invocation.answer = answer;
        if (invocation.state === 'working') invocation.state = 'answered';
      },
      (error: unknown) => {
        violation ??= `threw ${String(error)}`;
      },
    );
  };

  let mayDie = deaths !== 'none';
  for (const batch of arrangement) start(batch);
  for (;;) {
    await quiescence();
    if (violation !== undefined) return { ending: '', violation };
    for (const invocation of invocations) {
      if (invocation.state !== 'answered') continue;
      invocation.state = 'over';
      const again = failedOf(invocation.batch, invocation.answer);
      if (again.length > 0) start(again);
    }
    if (invocations.length > 20) return { ending: '', violation: 'it never ends' };
    await quiescence();
    const choices = invocations.flatMap((invocation) =>
      invocation.state === 'working'
        ? invocation.pending.flatMap((request): [Invocation, Pending, Death][] =>
            (mayDie && deaths === 'anywhere'
              ? [undefined, 'after' as const, 'before' as const]
              : [undefined]
            ).map((death) => [invocation, request, death]),
          )
        : [],
    );
    if (choices.length === 0) break;
    const [invocation, request, death] = choices[choose(choices.length)] as (typeof choices)[0];
    invocation.pending.splice(invocation.pending.indexOf(request), 1);
    const changesBefore = changes;
    const answer = death === 'before' ? () => {} : execute(request);
    violation ??= watcher?.committed()?.message;
    const changed = changes > changesBefore;
    const dies =
      death !== undefined || (deaths === 'after a change' && mayDie && changed && choose(2) === 1);
    if (!dies) {
      answer();
      continue;
    }
    mayDie = false;
    invocation.state = 'dead';
    start(invocation.batch);
  }

  function execute({ operation, input, resolve, reject }: Pending): () => void {
    try {
      const body = database.execute(operation, input);
      return () => resolve(body);
    } catch (error) {
      return () => reject(error);
    }
  }

  const rows = new Map(
    workload.tables.map(({ name }) => {
      const { Items } = database.execute('Scan', { TableName: `${STAGE}-${name}` }) as {
        Items: never[];
      };
      return [name, Items.map(unmarshalItem)];
    }),
  );
  const differences = await compare(workload, workload.reference(events), rows);
  if (differences.length > 0) violation = 'the tables differ from the reference';
  return { ending: endingOf(rows), violation };
}

/**
 * The contents of the tables as a text that does not depend on the order of rows and attributes.
 */
export function endingOf(tables: StoredTables): string {
  const lines = [...tables].flatMap(([name, rows]) =>
    [...(rows as Iterable<Row>)].map((row) => `${name} ${textOf(row)}`),
  );
  return lines.sort().join('\n');
}

function textOf(row: Row): string {
  return JSON.stringify(row, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
