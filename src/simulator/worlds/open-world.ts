/** The one way to a world: for the command line, the search, load runs and tests. */
import { createLoop, VIRTUAL_START_MS } from '../execution/virtual/loop.ts';
import type { RunOptions } from '../model/run-options.ts';
import type { AwsWorld, RemoteStack } from './aws.ts';
import type { LocalWorld } from './local.ts';
import type { Overrides } from './memory/overrides.ts';
import type { Opening, WorkloadOfWorld, World } from './world.ts';

interface Worlds {
  readonly memory: World;
  readonly local: LocalWorld;
  readonly aws: AwsWorld;
}

type WorldKind = keyof Worlds;

/** What each kind of world takes beside the options of the run. */
export interface WorldParts {
  readonly memory: OfWorkload & { readonly overrides?: Overrides };
  readonly local: OfWorkload &
    RealTime & {
      /** The environment of this process. */
      readonly environment: NodeJS.ProcessEnv;
      /** A name that tells this run's stream and tables from others on the same servers. */
      readonly stage: string;
      readonly deliversWhilePushing?: boolean;
    };
  readonly aws: OfWorkload &
    RealTime & {
      openStack(): Promise<RemoteStack>;
      /**
       * Milliseconds between two reads of the tables; each consumes read units for all their rows.
       */
      readonly pollMs: number;
    };
}

interface OfWorkload {
  readonly workload: WorkloadOfWorld;
}

interface RealTime {
  /** Milliseconds. */
  readonly now: () => number;
}

/** The modules of a world are loaded when it is opened. */
export function openWorld<Kind extends WorldKind>(
  kind: Kind,
  options: RunOptions,
  parts: WorldParts[Kind],
): Opening<Worlds[Kind]> {
  return OPENINGS[kind](options, parts);
}

let memoryModule: Promise<typeof import('./memory/open-memory-world.ts')> | undefined;

const OPENINGS: {
  readonly [Kind in WorldKind]: (
    options: RunOptions,
    parts: WorldParts[Kind],
  ) => Opening<Worlds[Kind]>;
} = {
  memory(options, { workload, overrides }) {
    // A foreign handler may do more than await promises.
    const stepsPerYield = options.handler === undefined ? undefined : 1;
    const loop = createLoop(VIRTUAL_START_MS, overrides?.stepsPerYield ?? stepsPerYield);
    return {
      now: loop.now,
      async open(history, invariants) {
        // Imported once, because a search opens a million worlds.
        memoryModule ??= import('./memory/open-memory-world.ts');
        const { openMemoryWorld } = await memoryModule;
        const { tables } = workload;
        return openMemoryWorld({ options, history, loop, tables, invariants, overrides });
      },
    };
  },
  local: (options, { workload: { tables }, now, ...parts }) => ({
    now,
    async open(history) {
      const { openLocalWorld } = await import('./local.ts');
      return openLocalWorld({ options, tables, history, ...parts });
    },
  }),
  aws: (options, { workload, now, openStack, pollMs }) => ({
    now,
    async open() {
      const { openAwsWorld } = await import('./aws.ts');
      return openAwsWorld({ options, workload, pollMs, stack: await openStack() });
    },
  }),
};
