/** Where bin/simulate.js comes in: real clock, real random source for the seed, the winner game. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { SimulatorError } from '../simulator/model/errors.ts';
import { loadWorkload } from '../simulator/workload/load-workload.ts';
import { resolveEntities } from '../simulator/workload/resolve-entities.ts';
import { entities } from '../simulator/workload/winner/entities.ts';
import type { Run } from './command.ts';
import { findConfig } from './config.ts';
import { runProcess } from './process.ts';

const packageFile = new URL('../../package.json', import.meta.url);
const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string };
const nowMs = (): number => performance.now();
const draw = (): string => randomBytes(4).toString('hex');

const run: Run = async (asked, context) => {
  // Loaded when they are needed: neither help nor a mistyped flag has to wait for the SDKs.
  const runner = await import('../simulator/run/run.ts');
  const { given } = context;
  const workload = await loadWorkload(asked.workload);
  const options = { ...asked, entities: resolveEntities(workload, asked) };
  const parts = {
    ...context,
    workload,
    options,
    wallNow: nowMs,
    given: given && {
      source: (await import('../simulator/search/perform.ts')).givenBy(given.scenario).source,
      pushes: given.recorded.pushes,
    },
    deliveries: given?.recorded.deliveries,
  };
  const { tables, shared } = workload;
  if (options.world === 'memory') {
    const [{ openMemory }, { createLoop }, { createCompactor }, { runTwice }] = await Promise.all([
      import('../simulator/worlds/memory/open-memory-world.ts'),
      import('../simulator/execution/virtual/loop.ts'),
      import('../simulator/worlds/memory/compactor.ts'),
      import('../simulator/run/twice.ts'),
    ]);
    const runOnce = ({ readers, observer }: Pick<typeof parts, 'readers' | 'observer'>) => {
      // Somebody's handler may do more than await promises.
      const loop = createLoop(VIRTUAL_START_MS, options.handler === undefined ? undefined : 1);
      return runner.run({
        ...parts,
        readers,
        observer,
        now: loop.now,
        openWorld: (history, guard) => openMemory({ options, history, loop, tables, guard }),
      });
    };
    const readers =
      options.count > LARGE_COUNT ? [...parts.readers, createCompactor()] : parts.readers;
    return runTwice(
      () => runOnce({ ...parts, readers }),
      () => runOnce({ readers: [], observer: undefined }),
    );
  }
  if (options.world === 'aws') {
    if (shared === undefined) {
      const text = `--world aws: the workload ${workload.name} can't tell its rows from others`;
      throw new SimulatorError('usage', text);
    }
    const [{ openAwsWorld }, { marksOf }] = await Promise.all([
      import('../simulator/worlds/aws.ts'),
      import('../simulator/worlds/own-rows.ts'),
    ]);
    return runner.run({
      ...parts,
      workload: shared.marked(marksOf(options.prefix).rows),
      now: nowMs,
      openWorld: () =>
        openAwsWorld({ options, tables, shared, environment: process.env, pollMs: POLL_MS }),
    });
  }
  const { openLocalWorld } = await import('../simulator/worlds/local.ts');
  return runner.run({
    ...parts,
    now: nowMs,
    openWorld: (history) =>
      openLocalWorld({
        options,
        tables,
        history,
        environment: process.env,
        stage: `simulate-${draw()}`,
      }),
  });
};

/** Events from which on memory is worth some time. */
const LARGE_COUNT = 100_000;

/** Of a deployed stack's tables. */
const POLL_MS = 1_000;

/** When the game began. */
const VIRTUAL_START_MS = Date.parse('2017-03-28T23:52:53.763Z');

const keep = async () => {
  const { createKeeper } = await import('../simulator/runs/store.ts');
  return createKeeper(() => new Date(), {
    'winner-view': version,
    node: process.version,
  });
};

runProcess(run, { version, workloadDefaults: entities, drawSeed: draw, nowMs, findConfig, keep });
