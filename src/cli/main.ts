/** The entry of bin/simulate.js: the real clock, a real random source for seeds, and the worlds. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import type { HandlerBundle } from '../simulator/execution/bundle-handler.ts';
import type { ContainedEnd, ContainedInput } from '../simulator/execution/contained/contain.ts';
import type { Run, RunContext } from './command.ts';
import { findConfig } from './config.ts';
import { runProcess } from './process.ts';
import { SIMULATE } from './simulate.ts';

const packageFile = new URL('../../package.json', import.meta.url);
const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string };
const nowMs = (): number => performance.now();
const draw = (): string => randomBytes(4).toString('hex');

/** The handler in one file, where this process is contained for it. */
let bundle: HandlerBundle | undefined;

const run: Run = async (asked, { input, deliver, ...context }) => {
  // Loaded when they are needed: neither help nor a mistyped flag has to wait for the SDKs.
  const [
    runner,
    mapping,
    remote,
    { runTwice },
    { openWorld },
    { workloadOfRun },
    { loadWorkload },
    { resolveEntities },
  ] = await Promise.all([
    import('../simulator/run/run.ts'),
    import('../simulator/run/deliver/mapping.ts'),
    import('../simulator/run/deliver/remote.ts'),
    import('../simulator/run/twice.ts'),
    import('../simulator/worlds/open-world.ts'),
    import('../simulator/worlds/own-rows.ts'),
    import('../simulator/workload/load-workload.ts'),
    import('../simulator/workload/resolve-entities.ts'),
  ]);
  const workload = await loadWorkload(asked.workload);
  const options = { ...asked, entities: resolveEntities(workload, asked) };
  const byWorld = options.world === 'aws' ? remote.deliverRemotely : mapping.deliverByMapping;
  const runOnce = ({ readers, observer }: Pick<RunContext, 'readers' | 'observer'>) =>
    runner.run({
      ...context,
      ...{ readers, observer, options, input },
      workload: workloadOfRun(workload, options),
      world: openWorld(options.world, options, {
        workload,
        bundle,
        now: nowMs,
        stage: `simulate-${draw()}`,
        pollMs: POLL_MS,
        async openStack() {
          const { openStack } = await import('../ops/stack/open-stack.ts');
          return openStack(options.stage ?? '', process.env);
        },
      }),
      deliver: deliver ?? byWorld,
      wallNow: nowMs,
    });
  const readers = [...context.readers];
  if (options.world === 'memory' && options.count > LARGE_COUNT) {
    const { createCompactor } = await import('../simulator/worlds/memory/compactor.ts');
    readers.push(createCompactor());
  }
  return runTwice(
    () => runOnce({ ...context, readers }),
    () => runOnce({ readers: [] }),
  );
};

/** With more events, memory is worth some time. */
const LARGE_COUNT = 100_000;

/** Between two reads of a deployed stack's tables. */
const POLL_MS = 1_000;

const keep = async () => {
  const { createKeeper } = await import('../simulator/runs/store.ts');
  return createKeeper(() => new Date(), {
    'winner-view': version,
    node: process.version,
  });
};

const wiring = { version, drawSeed: draw, nowMs, findConfig, keep };

/** Set in the process of a command that is contained for its handler. */
const CONTAINED = 'WINNER_VIEW_CONTAINED';

if (process.env[CONTAINED] === undefined) {
  runProcess(SIMULATE, run, { ...wiring, contain });
} else {
  Reflect.deleteProperty(process.env, CONTAINED);
  process.once('message', async (contained: ContainedInput<undefined>) => {
    bundle = contained.bundle;
    const { watchHandler } = await import('../simulator/execution/contained/watch-handler.ts');
    await watchHandler(contained);
    runProcess(SIMULATE, run, { ...wiring, bundle });
    process.channel?.unref();
  });
}

async function contain(handler: string, signal: AbortSignal): Promise<ContainedEnd> {
  const [{ bundleForRun }, containment] = await Promise.all([
    import('../simulator/execution/bundle-handler.ts'),
    import('../simulator/execution/contained/contain.ts'),
  ]);
  const { remove, ...built } = await bundleForRun(handler);
  try {
    const contained = containment.contain<undefined>({
      main: process.argv[1] ?? '',
      args: process.argv.slice(2),
      input: undefined,
      bundle: built,
      env: { ...withoutCredentials(process.env), [CONTAINED]: '1' },
      nodeFlags: process.execArgv,
      inheritsOutput: true,
    });
    // It cleans up, unless the handler holds it.
    const stop = (): void => {
      contained.signal('SIGINT');
      setTimeout(() => void contained.kill(), STOP_MS_MAX).unref();
    };
    signal.addEventListener('abort', stop, { once: true });
    return await contained.ended;
  } finally {
    remove();
  }
}

const STOP_MS_MAX = 800;

/** No code of a handler's, wherever it comes to run, finds the developer's own. */
function withoutCredentials(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !name.startsWith('AWS_')),
  );
}
