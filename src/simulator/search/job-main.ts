/** One process of an exploration: is sent its share, tells what it finds, and may be told where to stop. */
import process from 'node:process';
import { loadWorkload } from '../workload/load-workload.ts';
import type { Message, Share } from './explore.ts';
import { search } from './search.ts';

const TOLD_EVERY_MS = 200;

const say = (message: Message): Promise<void> =>
  new Promise((resolve) => process.send?.(message, () => resolve()));
const now = (): number => performance.now();
// The stacks of errors that are part of the simulation are nobody's interest, and cost much.
Error.stackTraceLimit = 0;

let last = Number.POSITIVE_INFINITY;
let shapes: string[] = [];
let runs = 0;
let toldAt = now();
const report = (): Promise<void> => {
  const message: Message = { type: 'runs', runs, shapes };
  shapes = [];
  runs = 0;
  toldAt = now();
  return say(message);
};

// A Ctrl-C reaches every process of the terminal; ours hears of it from whoever started it.
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit());
process.once('message', async (share: Share) => {
  process.on('message', (number: number) => {
    last = number;
  });
  try {
    const result = await searchShare(share);
    await report();
    await say({ type: 'done', result });
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    await say({ type: 'failed', name, message });
  }
  process.disconnect();
});

async function searchShare(share: Share) {
  return search({
    ...share,
    workload: await loadWorkload(share.workload),
    workloadFile: share.workload,
    now,
    last: () => last,
    onRun(outcome) {
      runs++;
      shapes.push(outcome.shape);
      if (now() - toldAt > TOLD_EVERY_MS) void report();
    },
  });
}
