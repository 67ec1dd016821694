/** The push stage: the disordered history, record by record, onto the stream. */
import { dice } from '../dice.ts';
import type { Pushes } from '../disorder/disorder.ts';
import type { History } from '../history/history.ts';
import { type PushRecord, pushRecords } from '../stream/push.ts';
import type { EventSource, Workload } from '../workload/workload.ts';
import type { World } from '../world/world.ts';
import type { RunOptions } from './options.ts';

export interface PushParts<Event> {
  readonly workload: Workload<Event>;
  readonly options: RunOptions;
  readonly source: EventSource<Event>;
  readonly pushes: Pushes;
  readonly world: World;
  readonly history: History;
}

export async function push<Event>(parts: PushParts<Event>): Promise<void> {
  const { options, world, history } = parts;
  /** Pushes that the stream has stored once: its producer may not know, and puts them again. */
  const stored = new Set<number>();
  await pushRecords(records(parts), {
    put: world.put,
    dice: dice(options.seed, 'push'),
    pause: (ms) => world.pause(ms),
    onAccepted({ position, event, copy }, { shardId, sequenceNumber }) {
      const isAgain = world.deliversWhilePushing && stored.has(position);
      if (world.deliversWhilePushing) stored.add(position);
      history.record({
        type: 'record-pushed',
        push: position,
        event,
        copy: isAgain ? copy + 1 : copy,
        shardId,
        sequenceNumber,
      });
    },
    onRefused: (entries, error) => history.record({ type: 'push-refused', entries, error }),
  });
}

interface Pushed extends PushRecord {
  /** Among the pushes. */
  readonly position: number;
  readonly event: number;
  readonly copy: number;
}

function* records<Event>({
  workload,
  options,
  source,
  pushes,
}: PushParts<Event>): Iterable<Pushed> {
  const keys = dice(options.seed, 'partition keys');
  for (let position = 0; position < pushes.length; position++) {
    const { event, copy, garbage } = pushes.at(position);
    const { data, partitionKey } =
      event < 0 ? workload.garbage(options.seed, garbage) : workload.encode(source.at(event), copy);
    const random = options.partition === 'random';
    yield {
      partitionKey: random ? Math.floor(keys() * 2 ** 32).toString(16) : partitionKey,
      data,
      position,
      event,
      copy,
    };
  }
}
