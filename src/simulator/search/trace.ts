/** What happened in the run of a scenario, step by step, for a person: collected while it is performed. */
import type { GatewayRequest } from '../dynamodb/gateway/request.ts';
import type { HistoryRecord } from '../model/history.ts';
import { recordKey } from '../model/stream-record.ts';
import type { Row, Workload } from '../model/workload.ts';
import { asked, changed } from './describe-request.ts';
import { createDepartures } from './first-divergence.ts';
import { type Outcome, type PerformParts, perform } from './perform.ts';
import type { Scenario } from './scenario.ts';

/** One line of a story. */
export interface Line {
  readonly atMs: number;
  /** `push`, `#3` for an invocation, or `world`. */
  readonly who: string;
  readonly what: string;
  readonly more: string;
  /** What went wrong here; empty: nothing. */
  readonly wrong: string;
}

export interface Story {
  readonly outcome: Outcome;
  readonly lines: readonly Line[];
}

/** Performs it once more, and tells. */
export async function tell<Event>(
  scenario: Scenario<Event>,
  parts: Omit<PerformParts<Event>, 'watching'>,
): Promise<Story> {
  const lines: Line[] = [];
  const arrivals = new Map<string, string>();
  const departures = createDepartures(parts.workload, scenario.events);
  let nowMs = 0;
  let current = 'world';
  const say = (who: string, what: string, more = ''): void => {
    lines.push({ atMs: nowMs, who, what, more, wrong: '' });
  };
  const name = (event: number, copy: number): string =>
    event < 0 ? 'malformed' : `event ${event}${copy > 0 ? ` (copy ${copy})` : ''}`;

  const read = (record: HistoryRecord): void => {
    nowMs = record.atMs;
    switch (record.type) {
      case 'record-pushed': {
        const { event, copy, shardId, sequenceNumber } = record;
        arrivals.set(recordKey({ shardId, sequenceNumber }), name(event, copy));
        say(
          'push',
          name(event, copy),
          `${described(parts.workload, scenario, event)} → ${shardId}`,
        );
        break;
      }
      case 'invoked': {
        const { invocation, worker, shardId, attempt, repeated, sequenceNumbers } = record;
        const batch = sequenceNumbers.map(
          (sequenceNumber) =>
            arrivals.get(recordKey({ shardId, sequenceNumber })) ?? sequenceNumber,
        );
        const kind = repeated
          ? 'delivered twice'
          : attempt > 1
            ? `attempt ${attempt}`
            : 'delivered';
        say(`#${invocation}`, kind, `${batch.join(', ')} of ${shardId} to ${worker}`);
        break;
      }
      case 'requested': {
        const { invocation, operation, outcome, cancellationReasons, fault } = record;
        const reasons = cancellationReasons ? ` [${cancellationReasons.join(', ')}]` : '';
        const why = fault === undefined ? '' : `, fault: ${fault}`;
        say(`#${invocation}`, `  ${operation}`, `→ ${outcome}${reasons}${why}`);
        break;
      }
      case 'answered': {
        const { outcome, invocation } = record;
        const failed = outcome.kind === 'partial' ? `${outcome.failed.length} records failed` : '';
        say(`#${invocation}`, outcome.kind, 'error' in outcome ? outcome.error : failed);
        break;
      }
      case 'fault-happened':
        say('world', `fault: ${record.fault}`);
        break;
      case 'worker-killed':
        say('world', `${record.worker} ended`, record.reason ?? '');
        break;
      case 'batch-discarded':
        say('world', 'discarded', record.reason);
        break;
    }
  };
  const readWhole = (record: HistoryRecord): void => {
    read(record);
    departures.read(record, lines.length - 1);
  };
  const requested = ({ invocation, operation, input }: GatewayRequest): void => {
    current = `#${invocation}`;
    say(current, `  ${operation}`, asked(operation, input));
  };
  const wrote = (table: string, before: Row | undefined, after: Row | undefined): void => {
    say(current, '    stored', `${table}: ${changed(before, after)}`);
    departures.wrote(table, after, before, lines.length - 1);
  };
  const outcome = await perform(scenario, {
    ...parts,
    readers: [...(parts.readers ?? []), readWhole],
    watching: { requested, wrote },
  });
  for (const { line, difference } of departures.of(outcome.differences)) {
    const { who, what, more, atMs, wrong } = lines[line] as Line;
    const row = `${difference.table} ${difference.key.join(' ')}`;
    const also = wrong === '' ? `here it left the reference: ${row}` : `${wrong}; ${row}`;
    lines[line] = { atMs, who, what, more, wrong: also };
  }
  return { outcome, lines };
}

function described<Event>(
  workload: Workload<Event>,
  { events }: Scenario<Event>,
  index: number,
): string {
  const event = events[index];
  if (event === undefined) return '';
  const { kind, subject, eventId, origin } = workload.describe(event);
  return `${kind} of ${subject}, ${eventId}, by ${origin}`;
}
