/** What the disorder amounted to, measured on the pushes themselves and not taken from the options. */
import type { Pushes } from './disorder.ts';

export interface DisorderFigures {
  /** All pushes: events, copies and malformed records. */
  readonly records: number;
  readonly events: number;
  readonly copies: number;
  /** Events that were pushed more than once. */
  readonly duplicatedEvents: number;
  readonly garbage: number;
  /** Events that another event, later in the canonical history, was pushed before. */
  readonly overtakenEvents: number;
  /**
   * How far an event's first push is from the event's place in the canonical history, counted in
   * first pushes, so that copies and malformed records in between move nothing.
   */
  readonly displacementMax: number;
  readonly displacementMean: number;
}

export function measureDisorder(pushes: Pushes): DisorderFigures {
  const figures = {
    copies: 0,
    duplicatedEvents: 0,
    garbage: 0,
    overtakenEvents: 0,
    displacementMax: 0,
  };
  let [events, displacementTotal, latest] = [0, 0, -1];
  for (let position = 0; position < pushes.length; position++) {
    const { event, copy } = pushes.at(position);
    if (event === -1) {
      figures.garbage++;
    } else if (copy > 0) {
      figures.copies++;
      if (copy === 1) figures.duplicatedEvents++;
    } else {
      const displacement = Math.abs(events - event);
      displacementTotal += displacement;
      figures.displacementMax = Math.max(figures.displacementMax, displacement);
      if (event < latest) figures.overtakenEvents++;
      latest = Math.max(latest, event);
      events++;
    }
  }
  const displacementMean = events === 0 ? 0 : displacementTotal / events;
  return { records: pushes.length, events, ...figures, displacementMean };
}
