/** From a list of events to a source, and from a source to its events. */
import type { EventSource } from '../model/workload.ts';

export function sourceOf<Event>(events: readonly Event[]): EventSource<Event> {
  return { length: events.length, at: (index) => events[index] as Event };
}

export function* eventsOf<Event>(source: EventSource<Event>): Iterable<Event> {
  for (let index = 0; index < source.length; index++) yield source.at(index);
}
