/** One process of a search: receives its share of the runs, and sends what it finds. */
import process from 'node:process';
import { errorKind } from '../model/errors.ts';
import { loadWorkload } from '../workload/load-workload.ts';
import type { JobMessage, JobStart } from './job-messages.ts';
import { search } from './search.ts';

const PROGRESS_MS = 200;

const send = (message: JobMessage): Promise<void> =>
  new Promise((resolve) => process.send?.(message, () => resolve()));
const now = (): number => performance.now();
// Stacks of the many simulated errors are not read.
Error.stackTraceLimit = 0;

let last = Number.POSITIVE_INFINITY;
let shapes: string[] = [];
let runs = 0;
let sentAt = now();
const sendRuns = (): Promise<void> => {
  const message: JobMessage = { type: 'runs', runs, shapes };
  shapes = [];
  runs = 0;
  sentAt = now();
  return send(message);
};

// A Ctrl-C reaches every process of the terminal; this one waits for its parent to stop it.
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit());
process.once('message', async (start: JobStart) => {
  process.on('message', (number: number) => {
    last = number;
  });
  try {
    const result = await searchShare(start);
    await sendRuns();
    await send({ type: 'done', result });
  } catch (error) {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    await send({ type: 'failed', kind: errorKind(error), message, stack });
  }
  process.disconnect();
});

async function searchShare(start: JobStart) {
  return search({
    ...start,
    workload: await loadWorkload(start.workload),
    workloadFile: start.workload,
    now,
    last: () => last,
    onRun(outcome) {
      runs++;
      shapes.push(outcome.shape);
      if (now() - sentAt > PROGRESS_MS) void sendRuns();
    },
  });
}
