/**
 * The process of `runElsewhere`: reads runs, prints their results, and checks that globals are
 * restored.
 */
import assert from 'node:assert';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import type { RunOptions } from '../../../../src/simulator/model/run-options.ts';
import { runMemory } from './memory-run.ts';

const state = () => [
  Date,
  setTimeout,
  setInterval,
  setImmediate,
  clearTimeout,
  Math.random,
  performance.now,
  crypto.randomUUID,
  crypto.getRandomValues,
  process.emit,
  process.exit,
  process.hrtime,
  AbortSignal.timeout,
  console.log,
  pause,
  process.env['TABLE_SCORES_NAME'],
];

const runs = JSON.parse(await text(process.stdin)) as Partial<RunOptions>[];
const before = state();
const results = [];
for (const changes of runs) results.push(await runMemory(changes));
assert.deepStrictEqual(state(), before);
process.stdout.write(JSON.stringify(results));
