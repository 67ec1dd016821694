/**
 * It answers at once and writes afterwards, when it is frozen, and perhaps killed: what it acknowledged
 * never comes again. Brought down by the end of any run, and by `--kill 3`.
 */
import { type GameEvent, parts } from './simple.ts';

const applyAll = parts.applyAll;
parts.applyAll = async (events: readonly GameEvent[]) => {
  applyAll(events).catch((error: unknown) => console.error(error));
};

export { handler } from './simple.ts';
