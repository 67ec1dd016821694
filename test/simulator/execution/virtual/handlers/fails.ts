/** Does once each thing that ends a process; otherwise it is right. */
import type { KinesisStreamEvent } from 'aws-lambda';
import { handler as right } from '../../../../handlers/simple.ts';

const ways: Readonly<Record<string, () => unknown>> = {
  rejects: () => void Promise.reject(new Error('floating')),
  throws: () => setTimeout(() => thrown(), 1),
  ticks: () => process.nextTick(thrown),
  exits: () => process.exit(3),
  // Catches the exception by which the simulator ends it.
  'exits again': () => {
    try {
      process.exit(4);
    } catch {}
  },
};

function thrown(): never {
  throw new Error('from nowhere');
}

/** Shared by all workers of the process. */
const shared = globalThis as { failsDone?: Set<string> };
shared.failsDone ??= new Set();
const done = shared.failsDone;

export async function handler(event: KinesisStreamEvent) {
  for (const [name, way] of Object.entries(ways)) {
    if (done.has(name)) continue;
    done.add(name);
    way();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
  return right(event);
}
