/**
 * The records that were read from the stream. Each is decoded and appended to the history as pushed, so that the
 * reference is computed from the records themselves.
 */
import * as v from 'valibot';
import type { DeliveryWorld } from '../../src/simulator/event-source-mapping/delivery-world.ts';
import type { History } from '../../src/simulator/history/history.ts';
import { recordKey, type StreamRecord } from '../../src/simulator/model/stream-record.ts';
import type { EventSource } from '../../src/simulator/model/workload.ts';
import { DATA_SCHEMAS } from '../../src/simulator/workload/winner/encode.ts';
import type { WinnerEvent } from '../../src/simulator/workload/winner/event.ts';
import { winner } from '../../src/simulator/workload/winner/winner.ts';

export interface RecordsRead {
  /** The distinct events, in the order in which they were first read; it grows. */
  readonly source: EventSource<WinnerEvent>;
  /** By `recordKey`. */
  readonly keys: ReadonlySet<string>;
  /** Ignores a record that was read before. */
  add(record: StreamRecord, history: History): void;
  /** The same delivery, which adds the records that it polls. */
  reading(delivery: DeliveryWorld, history: History): DeliveryWorld;
}

export function createRecordsRead(onRecord: (record: StreamRecord) => void): RecordsRead {
  const events: WinnerEvent[] = [];
  const copies: number[] = [];
  const indexes = new Map<string, number>();
  const keys = new Set<string>();

  const add = (record: StreamRecord, history: History): void => {
    const key = recordKey(record);
    if (keys.has(key)) return;
    const decoded = decodeRecord(record.data);
    const identity = winner.identity(decoded);
    const event = indexes.get(identity) ?? events.length;
    if (event === events.length) {
      indexes.set(identity, event);
      events.push(decoded);
      copies.push(-1);
    }
    const copy = (copies[event] ?? 0) + 1;
    copies[event] = copy;
    const { shardId, sequenceNumber } = record;
    history.append({
      type: 'record-pushed',
      push: keys.size,
      event,
      copy,
      shardId,
      sequenceNumber,
    });
    keys.add(key);
    onRecord(record);
  };

  return {
    source: {
      get length() {
        return events.length;
      },
      at(index) {
        const event = events[index];
        if (event === undefined) throw new RangeError(`no event ${index} of ${events.length}`);
        return event;
      },
    },
    keys,
    add,
    reading: (delivery, history) => ({
      ...delivery,
      async poll(command) {
        const answer = await delivery.poll(command);
        if (answer.type === 'polled') for (const record of answer.records) add(record, history);
        return answer;
      },
    }),
  };
}

const fields = {
  origin: v.string(),
  timeOrigin: v.string(),
  timeIngest: v.string(),
  timeProcess: v.string(),
  eventId: v.string(),
};
const Envelope = v.object({
  ...fields,
  data: v.variant('schema', [
    v.object({
      schema: v.literal(DATA_SCHEMAS.creation),
      id: v.string(),
      brand: v.string(),
      name: v.string(),
      description: v.string(),
      category: v.string(),
    }),
    v.object({ schema: v.literal(DATA_SCHEMAS.photograph), id: v.string(), image: v.string() }),
    v.object({ schema: v.literal(DATA_SCHEMAS.purchase), id: v.string() }),
  ]),
});

/** An event as the producers encode it. Throws on anything else: no other producer may put here. */
export function decodeRecord(bytes: Uint8Array): WinnerEvent {
  const { data, ...common } = v.parse(Envelope, JSON.parse(new TextDecoder().decode(bytes)));
  switch (data.schema) {
    case DATA_SCHEMAS.creation: {
      const { schema: _, id, ...details } = data;
      return { kind: 'creation', productId: id, ...common, ...details };
    }
    case DATA_SCHEMAS.photograph:
      return { kind: 'photograph', productId: data.id, ...common, image: data.image };
    case DATA_SCHEMAS.purchase:
      return { kind: 'purchase', productId: data.id, ...common };
  }
}
