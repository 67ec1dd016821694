/** One thread of an exploration. */
import { parentPort, workerData } from 'node:worker_threads';
import { winner } from '../workload/winner/winner.ts';
import type { Message, Share } from './explore.ts';
import { search } from './search.ts';

const TOLD_EVERY_MS = 200;

const share = workerData as Share;
const say = (message: Message): void => parentPort?.postMessage(message);
const now = (): number => performance.now();
// The stacks of errors that are part of the simulation are nobody's interest, and cost much.
Error.stackTraceLimit = 0;

let shapes: string[] = [];
let runs = 0;
let toldAt = now();
const report = (): void => {
  say({ type: 'runs', runs, shapes });
  shapes = [];
  runs = 0;
  toldAt = now();
};
const result = await search({
  ...share,
  workload: winner,
  now,
  isStopped: () => Atomics.load(share.stop, 0) === 1,
  onRun(outcome) {
    runs++;
    shapes.push(outcome.shape);
    if (now() - toldAt > TOLD_EVERY_MS) report();
  },
});
report();
say({ type: 'done', result: result as Extract<Message, { type: 'done' }>['result'] });
