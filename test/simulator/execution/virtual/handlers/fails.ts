/** It does what ends a process, each once, and is right otherwise. */
import type { Context, KinesisStreamEvent } from 'aws-lambda';
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

/** One way for each of the first invocations. */
export async function handler(event: KinesisStreamEvent, { awsRequestId }: Context) {
  const invocation = Number(awsRequestId.slice(-12));
  Object.values(ways)[invocation - 1]?.();
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  return right(event);
}
