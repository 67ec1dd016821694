/**
 * The entities of a run: those that were asked for, and the workload's own numbers for the others.
 */
import { SimulatorError } from '../model/errors.ts';
import type { Entities, Workload } from '../model/workload.ts';

/** Throws a `SimulatorError` in one line at a name that the workload doesn't have. */
export function resolveEntities<Event>(
  { name, entities }: Pick<Workload<Event>, 'name' | 'entities'>,
  { count, entities: asked }: { readonly count: number; readonly entities: Entities },
): Entities {
  const own = entities(count);
  const unknown = Object.keys(asked).find((each) => !Object.hasOwn(own, each));
  if (unknown === undefined) return { ...own, ...asked };
  const known = Object.keys(own).join(', ') || 'none';
  throw new SimulatorError(
    'usage',
    `--entity: the workload ${name} has no ${JSON.stringify(unknown)}; it has ${known}`,
  );
}
