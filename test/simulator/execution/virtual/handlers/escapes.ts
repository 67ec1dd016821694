/** Does what is real, or would be, in one way or another. */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { createGunzip, gzipSync } from 'node:zlib';
import type { KinesisStreamEvent } from 'aws-lambda';
import { handler as right } from '../../../../handlers/simple.ts';

const ways: Readonly<Record<string, () => unknown>> = {
  reads: () => readFileSync(new URL(import.meta.url)).length,
  awaits: () => readFile(new URL(import.meta.url)),
  connects: () =>
    new Promise((resolve) => {
      connect(9, '127.0.0.1').on('error', resolve).on('data', resolve);
    }),
  writes: () => writeFileSync(path.join(tmpdir(), 'winner-view-escapes'), 'written'),
  gunzips: async () => {
    const chunks = Readable.from([gzipSync('text')]).pipe(createGunzip());
    for await (const chunk of chunks) console.log(String(chunk));
  },
  digests: () => crypto.subtle.digest('SHA-256', new Uint8Array(1)),
  spawns: () => spawn('ls'),
  asks: () => fetch('https://api.example.com/'),
  nothing: () => {},
};

const escaping = (name: string) => async (event: KinesisStreamEvent) => {
  const before = Date.now();
  const started = ways[name]?.();
  await started;
  console.log(`within ${Date.now() - before} ms`);
  return right(event);
};

export const reads = escaping('reads');
export const awaits = escaping('awaits');
export const connects = escaping('connects');
export const nothing = escaping('nothing');
export const writes = escaping('writes');
export const gunzips = escaping('gunzips');
export const digests = escaping('digests');
export const spawns = escaping('spawns');
export const asks = escaping('asks');
