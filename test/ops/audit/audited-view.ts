/** A view that the shipped handler fills, crashing at a chosen request, and its audit. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { KinesisStreamEvent } from 'aws-lambda';
import { createDynamoDBViewStore } from '../../../src/handler/dynamodb/view-store.ts';
import { createHandler } from '../../../src/handler/handler.ts';
import type { Outcome } from '../../../src/handler/outcome.ts';
import type { ViewStore } from '../../../src/handler/view-store.ts';
import { type AuditParts, audit, auditAndRepair } from '../../../src/ops/audit/audit.ts';
import { createAuditTables } from '../../../src/ops/audit/audit-tables.ts';
import { seededRandom, shuffle } from '../../../src/simulator/random.ts';
import type { WinnerEvent } from '../../../src/simulator/workload/winner/event.ts';
import { winner } from '../../../src/simulator/workload/winner/winner.ts';
import { batchOf, encodeAll, type View } from '../../support/view.ts';

export function historyOf(seed: string, count: number): WinnerEvent[] {
  const source = winner.generate(seed, { count, entities: { products: 3, users: 2 } });
  const events = Array.from({ length: count }, (_, at) => source.at(at));
  // Late registrations cause recounts and debts.
  return shuffle(seededRandom(seed, 'order'), events);
}

export interface Crash {
  /** The request at which it crashes, counted from 0. */
  readonly at: number;
  /** Whether that request is still executed. */
  readonly isAfter: boolean;
}

/** One invocation with all events. Returns the number of its requests; it may have crashed at the last. */
export async function deliver(
  view: View,
  events: readonly WinnerEvent[],
  crash?: Crash,
): Promise<number> {
  let requests = 0;
  const crashed: Outcome<never> = { kind: 'fatal', error: 'crashed' };
  const crashing = Object.fromEntries(
    Object.entries(createDynamoDBViewStore(view.client, view.names)).map(([name, request]) => [
      name,
      async (...input: readonly unknown[]) => {
        const own = requests++;
        if (crash !== undefined && own > crash.at) return crashed;
        if (crash !== undefined && own === crash.at && !crash.isAfter) return crashed;
        const outcome: unknown = await (request as (...input: readonly unknown[]) => unknown)(
          ...input,
        );
        return own === crash?.at ? crashed : outcome;
      },
    ]),
  ) as unknown as ViewStore;
  const handle = createHandler({
    store: crashing,
    clock: {
      now: Date.now,
      sleep: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => undefined),
    },
    random: seededRandom('audit', 'handler'),
    log: { warn: () => {}, error: () => {}, counted: () => {} },
    // Several writes for a product.
    limits: { purchasesPerWrite: 5 },
  });
  const context = { getRemainingTimeInMillis: () => 60_000 };
  const { batchItemFailures } = await handle(
    // Differs from the type only in being read-only.
    batchOf(encodeAll(events)) as unknown as KinesisStreamEvent,
    context,
  );
  if (crash === undefined && batchItemFailures.length > 0)
    throw new Error('some records were not applied');
  return requests;
}

export function partsOf({ client, names }: View, pause: AuditParts['pause'] = async () => {}) {
  return {
    client,
    names,
    tables: createAuditTables(client, names, pause),
    pause,
    pauseMs: 0,
    onProgress: () => {},
  };
}

export const auditView = (view: View, pause?: AuditParts['pause']) => audit(partsOf(view, pause));
export const repairView = (view: View, pause?: AuditParts['pause']) =>
  auditAndRepair(partsOf(view, pause));
