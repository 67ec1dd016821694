/**
 * Explains differences: the cause as the workload sees it, and the traces of the events that bear
 * on it.
 */
import type { ExplainedDifference } from '../model/run-result.ts';
import type { Difference, EventSource, Workload } from '../model/workload.ts';
import type { Tracer } from './event-traces.ts';

/**
 * Adds to each difference the workload's explanation, and the traces of the events that it names.
 */
export function explain<Event>(
  workload: Pick<Workload<Event>, 'explain' | 'describe'>,
  history: EventSource<Event>,
  tracer: Tracer,
  differences: readonly Difference[],
): ExplainedDifference[] {
  const explanations = differences.map((difference) => workload.explain(difference, history));
  const traces = tracer.trace(
    explanations.flatMap((explanation) => explanation.events),
    (event) => workload.describe(history.at(event)),
  );
  return differences.map((difference, index) => {
    const explanation = explanations[index] ?? { headline: '', events: [] };
    const ofDifference = explanation.events.flatMap((event) => traces.get(event) ?? []);
    return { ...difference, explanation, traces: ofDifference };
  });
}
