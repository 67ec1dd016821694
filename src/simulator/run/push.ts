/** The push stage: the disordered history, record by record, onto the stream. */

import type { Pushes } from '../disorder/disorder.ts';
import type { History } from '../history/history.ts';
import type { RunOptions } from '../model/run-options.ts';
import type { EventSource, StreamPayload, Workload } from '../model/workload.ts';
import { seededRandom } from '../random.ts';
import { pushRecords } from '../stream/push.ts';
import type { PushRecord } from '../stream/put-records.ts';
import type { AnyWorld } from '../worlds/world.ts';

export interface PushParts<Event> {
  readonly workload: Workload<Event>;
  readonly options: RunOptions;
  readonly source: EventSource<Event>;
  readonly pushes: Pushes;
  readonly world: AnyWorld;
  readonly history: History;
}

export async function push<Event>(parts: PushParts<Event>): Promise<void> {
  const { options, world, history } = parts;
  /** 1 for pushes that were stored. Where the response was lost, the producer puts them again. */
  const stored = new Uint8Array(parts.pushes.length);
  await pushRecords(records(parts), {
    put: world.put,
    random: seededRandom(options.seed, 'push'),
    pause: (ms) => world.pause(ms),
    ...(world.putAttemptsMax === undefined ? {} : { attemptsMax: world.putAttemptsMax }),
    onAccepted({ position, event, copy }, { shardId, sequenceNumber }) {
      const isAgain = stored[position] === 1;
      stored[position] = 1;
      history.append({
        type: 'record-pushed',
        push: position,
        event,
        copy: isAgain ? copy + 1 : copy,
        shardId,
        sequenceNumber,
      });
    },
    onRefused: (entries, error) => history.append({ type: 'push-refused', entries, error }),
  });
}

/** Of more records, the data is made again whenever it is read. */
const KEPT_MAX = 50_000;

interface Pushed extends PushRecord {
  /** Place among the pushes. */
  readonly position: number;
  readonly event: number;
  readonly copy: number;
}

function* records<Event>({
  workload,
  options,
  source,
  pushes,
  world,
}: PushParts<Event>): Iterable<Pushed> {
  const { partitionKeyPrefix = '' } = world;
  const keys = seededRandom(options.seed, 'partition keys');
  const make: Make = (position) => {
    const { event, copy, garbage } = pushes.at(position);
    return event < 0
      ? workload.garbage(options.seed, garbage)
      : workload.encode(source.at(event), copy);
  };
  for (let position = 0; position < pushes.length; position++) {
    const { event, copy } = pushes.at(position);
    const { data, partitionKey } = make(position);
    const random = options.partition === 'random';
    const key = random
      ? `${partitionKeyPrefix}${Math.floor(keys() * 2 ** 32).toString(16)}`
      : partitionKey;
    yield pushes.length > KEPT_MAX
      ? new Remade(make, data.byteLength, key, position, event, copy)
      : { partitionKey: key, data, bytes: data.byteLength, position, event, copy };
  }
}

type Make = (position: number) => StreamPayload;

/** A record without its data, so that a million of them take little memory. */
class Remade implements Pushed {
  readonly bytes: number;
  readonly partitionKey: string;
  readonly position: number;
  readonly event: number;
  readonly copy: number;
  readonly #make: Make;

  constructor(
    make: Make,
    bytes: number,
    partitionKey: string,
    position: number,
    event: number,
    copy: number,
  ) {
    this.#make = make;
    this.bytes = bytes;
    this.partitionKey = partitionKey;
    this.position = position;
    this.event = event;
    this.copy = copy;
  }

  get data(): Uint8Array {
    return this.#make(this.position).data;
  }
}
