/**
 * The world of a schedule: the handler as a tree of answers, the tables as contents, and the
 * checks.
 */
import { type HandlerLoader, loadShippedHandler } from '../../execution/virtual/shipped.ts';
import type { Workload } from '../../model/workload.ts';
import { tableInputs } from '../../worlds/table-inputs.ts';
import { type Behaviour, createBehaviour } from './behaviour.ts';
import { type Contents, createContents } from './contents.ts';
import { createEndings, type Endings, type EndingsParts } from './endings.ts';
import { createRequests } from './requests.ts';
import { createStates, type States } from './states.ts';

export interface SmallWorldParts<Event> {
  readonly workload: Workload<Event>;
  readonly events: readonly Event[];
  /** Default: the shipped handler. */
  readonly load?: HandlerLoader | undefined;
  readonly onEnding: EndingsParts<Event>['onEnding'];
}

export interface SmallWorld {
  readonly behaviour: Behaviour;
  readonly contents: Contents;
  readonly endings: Endings;
  readonly states: States;
}

const STAGE = 'memory';

export function createSmallWorld<Event>(parts: SmallWorldParts<Event>): SmallWorld {
  const tables = tableInputs(parts.workload.tables, STAGE);
  const world = { ...parts, load: parts.load ?? loadShippedHandler, tables, stage: STAGE };
  const contents = createContents(world);
  const behaviour = createBehaviour({ ...world, requests: createRequests() });
  const endings = createEndings({ ...world, contents });
  return { behaviour, contents, endings, states: createStates({ behaviour, contents, endings }) };
}
