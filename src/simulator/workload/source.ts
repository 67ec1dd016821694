/** Events as a list, and as they are asked for one by one. */
import type { EventSource } from '../model/workload.ts';

export function sourceOf<Event>(events: readonly Event[]): EventSource<Event> {
  return { length: events.length, at: (index) => events[index] as Event };
}

export function* eventsOf<Event>(source: EventSource<Event>): Iterable<Event> {
  for (let index = 0; index < source.length; index++) yield source.at(index);
}
