/**
 * Puts events onto the stream and reports metrics to artillery. Refused calls and refused entries of a call are
 * retried with growing pauses; the virtual user fails when the attempts are used up.
 */
import type { Random } from '../../src/simulator/model/random.ts';
import { pushRecords } from '../../src/simulator/stream/push.ts';
import type { AcceptedAt, PushRecord, PutRecords } from '../../src/simulator/stream/put-records.ts';
import { winner } from '../../src/simulator/workload/winner/winner.ts';
import type { FedEvent } from './feed.ts';

/** Artillery's event emitter for metrics. */
export interface Metrics {
  emit(type: 'started'): unknown;
  emit(type: 'counter' | 'histogram', name: string, value: number): unknown;
  emit(type: 'rate' | 'error', name: string): unknown;
}

/** In records, unless stated otherwise. */
export const METRICS = {
  offered: 'kinesis.records.offered',
  taken: 'kinesis.records.taken',
  /** Given up, after all attempts. */
  failed: 'kinesis.records.failed',
  /** Refused for the stream's throughput, and retried; each time counted. */
  throttled: 'kinesis.records.throttled',
  /** Refused for another reason, and retried; each time counted. */
  refused: 'kinesis.records.refused',
  bytes: 'kinesis.bytes',
  /** Calls of `PutRecords`, and how many a second. */
  calls: 'kinesis.calls',
  callRate: 'kinesis.call_rate',
  /** Milliseconds of one call. */
  putMs: 'kinesis.put_ms',
} as const;

export interface ProducerParts {
  readonly put: PutRecords;
  readonly random: Random;
  pause(ms: number): Promise<void>;
  nowMs(): number;
  /** The acknowledged records of one `put`. */
  onAcknowledged?(records: readonly AcceptedAt[]): void;
}

export interface Producer {
  /** Resolves when all are on the stream; rejects if one can't be put. */
  put(events: readonly FedEvent[], recordsPerCall: number, metrics: Metrics): Promise<void>;
}

export function createProducer({ put, nowMs, onAcknowledged, ...parts }: ProducerParts): Producer {
  return {
    async put(events, recordsPerCall, metrics) {
      const records = events.map(({ event, copy }) => winner.encode(event, copy));
      const taken: AcceptedAt[] = [];
      const counter = (name: string, value: number) => metrics.emit('counter', name, value);
      counter(METRICS.offered, records.length);
      const timed = async (call: readonly PushRecord[]) => {
        const startedAtMs = nowMs();
        counter(METRICS.calls, 1);
        metrics.emit('rate', METRICS.callRate);
        try {
          return await put(call);
        } finally {
          metrics.emit('histogram', METRICS.putMs, nowMs() - startedAtMs);
        }
      };
      try {
        await pushRecords(records, {
          ...parts,
          put: timed,
          recordsMax: recordsPerCall,
          // A virtual user makes one call at a time.
          lanes: 1,
          onAccepted({ data }, at) {
            taken.push(at);
            counter(METRICS.bytes, data.byteLength);
          },
          onRefused(entries, error) {
            const isThrottle = /Throughput|Throttl|LimitExceeded/.test(error);
            counter(isThrottle ? METRICS.throttled : METRICS.refused, entries);
          },
        });
      } finally {
        counter(METRICS.taken, taken.length);
        counter(METRICS.failed, records.length - taken.length);
        onAcknowledged?.(taken);
      }
    },
  };
}
