/** The trace of a scenario's run: pushes, invocations, requests and writes, line by line. */
import type { GatewayRequest } from '../dynamodb/gateway/request.ts';
import type { HistoryRecord } from '../model/history.ts';
import { recordKey } from '../model/stream-record.ts';
import type { Row, Workload } from '../model/workload.ts';
import { describeRequest, describeWrite } from './describe-request.ts';
import { createFirstDivergence } from './first-divergence.ts';
import { type Outcome, type RunScenarioParts, runScenario } from './run-scenario.ts';
import type { Scenario } from './scenario.ts';

export interface TraceLine {
  readonly atMs: number;
  /** `push`, `#3` for an invocation, or `world`. */
  readonly actor: string;
  readonly what: string;
  readonly detail: string;
  /** Rows that first left the reference here; empty: none. */
  readonly divergence: string;
}

export interface Trace {
  readonly outcome: Outcome;
  readonly lines: readonly TraceLine[];
}

/** Runs the scenario once, and traces it. */
export async function traceScenario<Event>(
  scenario: Scenario<Event>,
  parts: Omit<RunScenarioParts<Event>, 'observers'>,
): Promise<Trace> {
  const { workload } = parts;
  const lines: TraceLine[] = [];
  const firstDivergence = createFirstDivergence(workload, scenario.events);
  const describeRecord = createRecordDescriber(scenario, workload);
  let nowMs = 0;
  let current = 'world';
  const add = (actor: string, what: string, detail = ''): void => {
    lines.push({ atMs: nowMs, actor, what, detail, divergence: '' });
  };
  const outcome = await runScenario(scenario, {
    ...parts,
    readers: [
      ...(parts.readers ?? []),
      (record) => {
        nowMs = record.atMs;
        const described = describeRecord(record);
        if (described !== undefined) add(...described);
        firstDivergence.read(record, lines.length - 1);
      },
    ],
    observers: {
      onRequest({ invocation, operation, input }: GatewayRequest): void {
        current = `#${invocation}`;
        add(current, `  ${operation}`, describeRequest(workload.tables, operation, input));
      },
      onWrite(table: string, before: Row | undefined, after: Row | undefined): void {
        add(current, '    stored', describeWrite(workload.tables, table, before, after));
        firstDivergence.wrote(table, after, before, lines.length - 1);
      },
    },
  });
  for (const { line, difference } of firstDivergence.of(outcome.differences)) {
    const marked = lines[line] as TraceLine;
    const row = `${difference.table} ${difference.key.join(' ')}`;
    const before = marked.divergence === '' ? 'first divergence: ' : `${marked.divergence}; `;
    lines[line] = { ...marked, divergence: `${before}${row}` };
  }
  return { outcome, lines };
}

type Described = readonly [actor: string, what: string, detail?: string];

/** Undefined for records that the trace leaves out. */
function createRecordDescriber<Event>({ events }: Scenario<Event>, workload: Workload<Event>) {
  const names = new Map<string, string>();
  return (record: HistoryRecord): Described | undefined => {
    switch (record.type) {
      case 'record-pushed': {
        const { event, copy, shardId } = record;
        const name = event < 0 ? 'malformed' : `event ${event}${copy > 0 ? ` (copy ${copy})` : ''}`;
        names.set(recordKey(record), name);
        return ['push', name, `${describeEvent(workload, events[event])} → ${shardId}`];
      }
      case 'invoked': {
        const { invocation, worker, shardId, attempt, repeated, sequenceNumbers } = record;
        const batch = sequenceNumbers.map(
          (sequenceNumber) => names.get(recordKey({ shardId, sequenceNumber })) ?? sequenceNumber,
        );
        const again = attempt > 1 ? `attempt ${attempt}` : 'delivered';
        const what = repeated ? 'delivered twice' : again;
        return [`#${invocation}`, what, `${batch.join(', ')} of ${shardId} to ${worker}`];
      }
      case 'requested': {
        const { invocation, operation, outcome, cancellationReasons, fault } = record;
        const reasons = cancellationReasons ? ` [${cancellationReasons.join(', ')}]` : '';
        const why = fault === undefined ? '' : `, fault: ${fault}`;
        return [`#${invocation}`, `  ${operation}`, `→ ${outcome}${reasons}${why}`];
      }
      case 'answered': {
        const { outcome, invocation } = record;
        const failed = outcome.kind === 'partial' ? `${outcome.failed.length} records failed` : '';
        return [`#${invocation}`, outcome.kind, 'error' in outcome ? outcome.error : failed];
      }
      case 'fault-happened':
        return ['world', `fault: ${record.fault}`];
      case 'worker-killed':
        return ['world', `${record.worker} ended`, record.reason ?? ''];
      case 'batch-discarded':
        return ['world', 'discarded', record.reason];
      default:
        return undefined;
    }
  };
}

function describeEvent<Event>(workload: Workload<Event>, event: Event | undefined): string {
  if (event === undefined) return '';
  const { kind, subject, eventId, origin } = workload.describe(event);
  return `${kind} of ${subject}, ${eventId}${origin === '' ? '' : `, by ${origin}`}`;
}
