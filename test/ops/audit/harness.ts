/** A view that the shipped handler has filled, with ways to die half-way and to be changed by hand. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { KinesisStreamEvent } from 'aws-lambda';
import { createDynamoDBViewStore } from '../../../src/handler/dynamodb/view-store.ts';
import { createHandler } from '../../../src/handler/handler.ts';
import type { Outcome } from '../../../src/handler/outcome.ts';
import type { ViewStore } from '../../../src/handler/view-store.ts';
import { type AuditParts, audit, auditAndRepair } from '../../../src/ops/audit/audit.ts';
import { createAuditTables } from '../../../src/ops/audit/tables.ts';
import { seededRandom, shuffle } from '../../../src/simulator/random.ts';
import type { WinnerEvent } from '../../../src/simulator/workload/winner/event.ts';
import { winner } from '../../../src/simulator/workload/winner/winner.ts';
import { batchOf, encodeAll, type View } from '../../support/view.ts';

export function historyOf(seed: string, count: number): WinnerEvent[] {
  const source = winner.generate(seed, { count, entities: { products: 3, users: 2 } });
  const events = Array.from({ length: count }, (_, at) => source.at(at));
  // Late registrations are what makes recounts and debts.
  return shuffle(seededRandom(seed, 'order'), events);
}

export interface Death {
  /** The request at which it dies, counted from 0. */
  readonly at: number;
  /** Whether that one is still carried out. */
  readonly isAfter: boolean;
}

/** One invocation with all events. Returns the number of its requests; it may die at the last one. */
export async function deliver(
  view: View,
  events: readonly WinnerEvent[],
  death?: Death,
): Promise<number> {
  let requests = 0;
  const dead: Outcome<never> = { kind: 'fatal', error: 'dead' };
  const mortal = Object.fromEntries(
    Object.entries(createDynamoDBViewStore(view.client, view.names)).map(([name, request]) => [
      name,
      async (...input: readonly unknown[]) => {
        const own = requests++;
        if (death !== undefined && own > death.at) return dead;
        if (death !== undefined && own === death.at && !death.isAfter) return dead;
        const outcome: unknown = await (request as (...input: readonly unknown[]) => unknown)(
          ...input,
        );
        return own === death?.at ? dead : outcome;
      },
    ]),
  ) as unknown as ViewStore;
  const handle = createHandler({
    store: mortal,
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
    // A shape that only differs in what may be changed.
    batchOf(encodeAll(events)) as unknown as KinesisStreamEvent,
    context,
  );
  if (death === undefined && batchItemFailures.length > 0) throw new Error('not all was applied');
  return requests;
}

export function partsOf({ client, names }: View, pause: AuditParts['pause'] = async () => {}) {
  return {
    client,
    names,
    tables: createAuditTables(client, names),
    pause,
    pauseMs: 0,
    onProgress: () => {},
  };
}

export const auditView = (view: View, pause?: AuditParts['pause']) => audit(partsOf(view, pause));
export const repairView = (view: View, pause?: AuditParts['pause']) =>
  auditAndRepair(partsOf(view, pause));
