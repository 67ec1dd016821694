/**
 * Why the reference has the row that it has, and which mistake the table's row looks like. Both are
 * derived from the history and the two rows; the order in which the records arrived is not known
 * here.
 */
import type { Difference, EventSource, Explanation } from '../../model/workload.ts';
import type { WinnerEvent } from './event.ts';
import { explainContributions } from './explain-contributions.ts';
import { explainScores } from './explain-scores.ts';
import { type HistoryIndex, historyIndex } from './history-index.ts';

const EVENTS_MAX = 50;

/** The events are in the byte order of their ids. */
export function explain(difference: Difference, history: EventSource<WinnerEvent>): Explanation {
  const { headline, events } = explainRow(difference, historyIndex(history));
  const idOf = (index: number) => history.at(index).eventId;
  const shown = events
    .slice(0, EVENTS_MAX)
    .map((index) => ({ index, eventId: idOf(index) }))
    .sort((a, b) => (a.eventId < b.eventId ? -1 : a.eventId > b.eventId ? 1 : a.index - b.index))
    .map(({ index }) => index);
  return events.length > EVENTS_MAX
    ? {
        headline: `${headline} (${EVENTS_MAX} of the ${events.length} events that affect it are listed)`,
        events: shown,
      }
    : { headline, events: shown };
}

/** The events in any order, the most relevant first. */
function explainRow(difference: Difference, index: HistoryIndex): Explanation {
  switch (difference.table) {
    case 'Contributions':
      return explainContributions(difference, index);
    case 'Scores':
      return explainScores(difference, index);
    default:
      return explainEvents(difference, index);
  }
}

function explainEvents({ key, expected, actual }: Difference, index: HistoryIndex): Explanation {
  const [productId = '', eventId = ''] = key;
  const purchases = index.products.get(productId)?.purchase ?? [];
  const events = purchases.filter((at) => index.history.at(at).eventId === eventId);
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
