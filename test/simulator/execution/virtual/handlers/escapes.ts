/** Handlers that do something that is not simulated. */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import type { KinesisStreamEvent } from 'aws-lambda';
import { handler as right } from '../../../../handlers/simple.ts';

const ways: Readonly<Record<string, () => unknown>> = {
  reads: () => readFileSync(new URL(import.meta.url)).length,
  awaits: () => readFile(new URL(import.meta.url)),
  connects: () =>
    new Promise((resolve) => {
      connect(9, '127.0.0.1').on('error', resolve).on('connect', resolve);
    }),
  nothing: () => {},
};

const escaping = (name: string) => async (event: KinesisStreamEvent) => {
  const before = Date.now();
  const started = ways[name]?.();
  if (name === 'awaits') {
    await started;
    console.log(`read within ${Date.now() - before} ms`);
  } else if (started instanceof Promise) started.catch(() => {});
  return right(event);
};

export const reads = escaping('reads');
export const awaits = escaping('awaits');
export const connects = escaping('connects');
export const nothing = escaping('nothing');
