/**
 * Why the reference says what it says, and what the table's row looks like the result of. All of it
 * is read from the history and the two rows: how the records arrived is not known here.
 */
import type { Difference, EventSource, Explanation } from '../../model/workload.ts';
import { type Dossiers, dossiersOf } from './dossier.ts';
import type { WinnerEvent } from './event.ts';
import { explainContributions } from './explain-contributions.ts';
import { explainScores } from './explain-scores.ts';

/** More than a person reads. */
const EVENTS_MAX = 50;

/** The headline names the cause as well as data alone tell; the events are in byte order of their ids. */
export function explain(difference: Difference, history: EventSource<WinnerEvent>): Explanation {
  const { headline, events } = find(difference, dossiersOf(history));
  const idOf = (index: number) => history.at(index).eventId;
  const shown = events
    .slice(0, EVENTS_MAX)
    .map((index) => ({ index, eventId: idOf(index) }))
    .sort((a, b) => (a.eventId < b.eventId ? -1 : a.eventId > b.eventId ? 1 : a.index - b.index))
    .map(({ index }) => index);
  return events.length > EVENTS_MAX
    ? {
        headline: `${headline} (${EVENTS_MAX} of the ${events.length} events that bear on it are kept)`,
        events: shown,
      }
    : { headline, events: shown };
}

/** The events in any order, the most telling first. */
function find(difference: Difference, dossiers: Dossiers): Explanation {
  switch (difference.table) {
    case 'Contributions':
      return explainContributions(difference, dossiers);
    case 'Scores':
      return explainScores(difference, dossiers);
    default:
      return explainEvents(difference, dossiers);
  }
}

/** A ledger's row is there or not, and says what the purchase said. */
function explainEvents({ key, expected, actual }: Difference, dossiers: Dossiers): Explanation {
  const [productId = '', eventId = ''] = key;
  const purchases = dossiers.products.get(productId)?.purchase ?? [];
  const events = purchases.filter((index) => dossiers.history.at(index).eventId === eventId);
  const purchase = `purchase ${eventId} of product ${productId}`;
  if (actual === undefined) return { headline: `${purchase} is missing`, events };
  if (expected === undefined) {
    return { headline: `${purchase} is in the table, but no such event was pushed`, events };
  }
  const wrong = [...new Set([...Object.keys(expected), ...Object.keys(actual)])]
    .filter((name) => expected[name] !== actual[name])
    .map((name) => `${name} is ${String(actual[name])} instead of ${String(expected[name])}`);
  return { headline: `${purchase}: ${wrong.join(', ')}`, events };
}
