/** The architecture as rules over sources: each is given sources and answers with what breaks it. */
import { type Import, importsOf, type Source, type SourcePath, withoutComments } from './source.ts';

/** What is wrong, one line each; none: the rule holds. */
export type Violations = readonly string[];

const EVENT_TYPES = 'src/handler/domain/event.ts';
/** Where the simulator is put together, and takes hold of the shipped handler. */
const WIRING_OF_HANDLER = ['src/simulator/worlds/', 'src/simulator/execution/'];
/** By its entry, as the Lambda's process does, or by its maker with a virtual clock and random source. */
const MADE_FROM = ['lambda', 'handler', 'ports', 'dynamodb/view-store', 'batch/situations'].map(
  (name) => `src/handler/${name}.ts`,
);

/** The Lambda is shipped without the simulator, so it imports nothing but itself and packages. */
export function handlerStandsAlone(sources: readonly Source[]): Violations {
  return allImports(sources)
    .filter(({ from, to }) => from.startsWith('src/handler/') && isOurs(to))
    .filter(({ to }) => !to.startsWith('src/handler/'))
    .map(said);
}

/** What acts in the handler: DynamoDB, logs and metrics, and the entry. */
const EDGE_OF_HANDLER = ['dynamodb/', 'telemetry.ts', 'lambda.ts'].map(
  (name) => `src/handler/${name}`,
);

/** The handler decides with what it is passed: only its edge imports the SDK, Node, or the edge. */
export function onlyTheEdgeOfTheHandlerActs(sources: readonly Source[]): Violations {
  const isEdge = (path: string): boolean => EDGE_OF_HANDLER.some((edge) => path.startsWith(edge));
  return allImports(sources)
    .filter(({ from }) => from.startsWith('src/handler/') && !isEdge(from))
    .filter(({ to }) => isActing(to) || isEdge(to))
    .map(said);
}

/** The reference must not be right or wrong for the handler's reasons. */
export function simulatorSharesEventTypesOnly(sources: readonly Source[]): Violations {
  return allImports(sources)
    .filter(({ from, to }) => from.startsWith('src/simulator/') && to.startsWith('src/handler/'))
    .filter(({ from, to, isType }) => {
      if (to === EVENT_TYPES && isType && from.startsWith('src/simulator/workload/')) return false;
      return !(WIRING_OF_HANDLER.some((room) => from.startsWith(room)) && MADE_FROM.includes(to));
    })
    .map(said);
}

/** Operations read and repair what is deployed, and simulate nothing. */
export function operationsSimulateNothing(sources: readonly Source[]): Violations {
  return allImports(sources)
    .filter(({ from, to }) => from.startsWith('src/ops/') && isOurs(to))
    .filter(({ to }) => !startsWithAny(to, OF_OPERATIONS))
    .map(said);
}

const OF_OPERATIONS = [
  'src/ops/',
  'src/simulator/model/',
  'src/simulator/random.ts',
  'src/simulator/stack-template.ts',
  'src/simulator/workload/',
  'src/simulator/report/',
  'src/simulator/servers/server-unreachable.ts',
  'src/simulator/stream/',
  'src/simulator/dynamodb/client/',
];

/** Load runs are on top of the simulator, and put records from outside as any producer does. */
export function loadStandsOutside(sources: readonly Source[]): Violations {
  return allImports(sources)
    .filter(({ from, to }) => {
      if (from.startsWith('load/engine/')) return isOurs(to) && !startsWithAny(to, OF_ENGINE);
      return from.startsWith('load/') && to.startsWith('src/handler/');
    })
    .map(said);
}

/** The engine's imports: artillery loads it as a package, and a bundle of it goes to other machines. */
const OF_ENGINE = [
  'load/engine/',
  'src/simulator/model/',
  'src/simulator/random.ts',
  'src/simulator/workload/',
  'src/simulator/stream/',
  'src/simulator/servers/local-credentials.ts',
  'src/ops/stack/endpoints.ts',
];

/** Files and folders that decide and never act. */
const PURE = [
  'src/handler/domain/event.ts',
  'src/handler/domain/product.ts',
  'src/handler/batch/product-task.ts',
  'src/handler/domain/decode.ts',
  'src/handler/domain/malformed-record.ts',
  'src/simulator/model/',
  'src/simulator/random.ts',
  'src/simulator/history/',
  'src/simulator/workload/',
  'src/simulator/disorder/',
  'src/simulator/event-source-mapping/',
  'src/simulator/check/',
  'src/simulator/report/',
  'src/simulator/run/verdict.ts',
  'load/figures.ts',
  'load/engine/feed.ts',
  'load/engine/script.ts',
  'load/measure/handler-counters.ts',
  'load/measure/passages.ts',
  'load/measure/passages-from-probes.ts',
  'load/report/doubts.ts',
  'load/report/first-limit.ts',
  'load/report/format-load.ts',
  'load/report/percentiles.ts',
  'src/ops/audit/stored-product.ts',
  'src/ops/audit/findings.ts',
];
const NOT_PURE = [
  // It carries out the machine's commands, on whatever world it is given.
  'src/simulator/event-source-mapping/driver.ts',
  // It loads a file.
  'src/simulator/workload/load-workload.ts',
];

/** What acts: nothing pure may reach it, however far round. */
const ACTING = [
  'src/cli/',
  'src/ops/stack/',
  ...['dynamodb/gateway', 'dynamodb/client', 'servers', 'execution', 'worlds'].map(
    (folder) => `src/simulator/${folder}/`,
  ),
];

export function isPure(path: SourcePath): boolean {
  return !NOT_PURE.includes(path) && PURE.some((part) => path === part || path.startsWith(part));
}

export function pureIsPure(sources: readonly Source[]): Violations {
  const imports = Map.groupBy(allImports(sources), ({ from }) => from);
  const violations: string[] = [];
  for (const { path, text } of sources.filter((source) => isPure(source.path))) {
    const seen = new Set([path]);
    const visit = (file: SourcePath, way: readonly string[]): void => {
      for (const { to } of imports.get(file) ?? []) {
        if (isActing(to)) violations.push([...way, to].join(' → '));
        if (seen.has(to) || !isOurs(to)) continue;
        seen.add(to);
        visit(to, [...way, to]);
      }
    };
    visit(path, [path]);
    const used = /\b(process|console|fetch)\b\s*[.(]/.exec(withoutComments(text))?.[1];
    if (used !== undefined) violations.push(`${path} uses ${used}`);
  }
  return violations;
}

function isActing(to: string): boolean {
  if (isOurs(to)) return startsWithAny(to, ACTING);
  return to.startsWith('node:') || /^@(aws-sdk|smithy|aws-lambda-powertools)\//.test(to);
}

/**
 * The block diagram, from the ground up. A block imports from blocks before it and from nothing else of
 * ours, types included: so no block leads back to itself, and no arrow points upwards.
 */
export const BLOCKS = [
  'src/handler/domain/',
  'src/handler/outcome.ts',
  'src/handler/view-store.ts',
  'src/handler/ports.ts',
  'src/handler/dynamodb/',
  'src/handler/batch/',
  'src/handler/handler.ts',
  'src/handler/telemetry.ts',
  'src/handler/lambda.ts',
  'src/simulator/model/',
  'src/simulator/random.ts',
  'src/simulator/module-reference.ts',
  'src/simulator/stack-template.ts',
  'src/simulator/history/',
  'src/simulator/disorder/',
  'src/simulator/workload/',
  'src/simulator/check/',
  'src/simulator/report/',
  'src/simulator/runs/',
  'src/simulator/servers/',
  'src/simulator/event-source-mapping/',
  'src/simulator/stream/',
  'src/simulator/dynamodb/',
  'src/simulator/execution/',
  'src/simulator/worlds/',
  'src/simulator/run/',
  'src/simulator/search/',
  'src/simulator/mutation/',
  'src/ops/',
  'src/cli/',
  'src/index.ts',
  'load/engine/',
  'load/figures.ts',
  'load/runs/',
  'load/measure/',
  'load/worlds/',
  'load/report/',
  'load/',
  'scripts/',
] as const;

/** Its place in the diagram; a file of no block has none. */
function floorOf(path: string): number {
  return BLOCKS.findIndex((block) => path === block || path.startsWith(block));
}

export function importsPointDown(sources: readonly Source[]): Violations {
  const homeless = sources
    .filter(({ path }) => floorOf(path) < 0)
    .map(({ path }) => `${path} belongs to no block`);
  const upward = allImports(sources)
    .filter(({ from, to }) => isOurs(to) && floorOf(to) > floorOf(from))
    .map(said);
  return [...homeless, ...upward];
}

const MODEL = 'src/simulator/model/';

/** All blocks read the model, so it imports nothing else, not even a type or a package. */
export function modelStandsAlone(sources: readonly Source[]): Violations {
  return allImports(sources)
    .filter(({ from, to }) => from.startsWith(MODEL) && !to.startsWith(MODEL))
    .map(said);
}

/** No file leads back to itself, imports of types included. */
export function filesHaveNoCycle(sources: readonly Source[]): Violations {
  const next = new Map<string, Set<string>>();
  for (const { from, to } of allImports(sources)) {
    if (isOurs(to)) next.set(from, (next.get(from) ?? new Set()).add(to));
  }
  const cycles: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, way: readonly string[]): void => {
    const start = way.indexOf(file);
    if (start >= 0) cycles.push([...way.slice(start), file].join(' → '));
    if (start >= 0 || done.has(file)) return;
    for (const other of next.get(file) ?? []) visit(other, [...way, file]);
    done.add(file);
  };
  for (const file of next.keys()) visit(file, []);
  return cycles;
}

/** Clocks, timers and random source, and the modules that have them. */
const CHANCE = [
  'Date.now',
  'new Date()',
  'Date()',
  'Math.random',
  'randomUUID',
  'randomBytes',
  'getRandomValues',
  'performance.now',
  'hrtime',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'AbortSignal.timeout',
] as const;

type Chance = (typeof CHANCE)[number];

function virtual(name: string, chances: readonly Chance[]) {
  return { [`src/simulator/execution/virtual/${name}.ts`]: chances };
}

/** The only files that use real time and randomness; all others receive them as arguments. */
export const WIRING: Readonly<Record<SourcePath, readonly Chance[]>> = {
  // The Lambda's entry.
  'src/handler/lambda.ts': ['Date.now', 'Math.random', 'setTimeout'],
  // The simulator's entry, and the process around its command.
  'src/cli/main.ts': ['new Date()', 'randomBytes', 'performance.now', 'setTimeout'],
  'src/cli/process.ts': ['setTimeout'],
  // A process of the search ends at its own deadline.
  'src/simulator/search/job-main.ts': ['performance.now'],
  // Work on a deployed stack waits in real time.
  'src/ops/pause.ts': ['setTimeout'],
  // The age of quarantined records.
  'src/cli/commands/redrive.ts': ['Date.now'],
  // The entry of load runs, and that of their engine in artillery's workers.
  'load/main.ts': ['Date.now', 'new Date()', 'randomBytes', 'performance.now', 'setInterval'],
  'load/engine/engine.ts': ['performance.now', 'setTimeout'],
  // The worlds with real clocks.
  'src/simulator/worlds/local.ts': ['setTimeout'],
  'src/simulator/execution/process/deliver-to-pool.ts': ['Date.now', 'setTimeout'],
  'src/simulator/worlds/aws.ts': ['setTimeout'],
  // The memory world: turns of the real event loop, and virtual functions named like real ones.
  'src/simulator/execution/virtual/loop.ts': ['setImmediate'],
  ...virtual('globals', [
    'randomUUID',
    'randomBytes',
    'getRandomValues',
    'hrtime',
    'setTimeout',
    'setInterval',
    'setImmediate',
  ]),
  ...virtual('random', ['randomBytes']),
  ...virtual('clock', ['hrtime']),
  ...virtual('timers', ['AbortSignal.timeout', 'setTimeout', 'setInterval', 'setImmediate']),
  // What it waits for is real.
  ...virtual('real-work', ['setTimeout', 'setImmediate']),
  // Scripts that measure.
  'scripts/measure-search.ts': ['performance.now'],
  'scripts/compare-serverless-offline.ts': ['Date.now', 'setTimeout'],
  'scripts/import-times.ts': ['performance.now'],
  // The duration of a hunt; and the text of two mutants.
  'src/simulator/mutation/hunt-main.ts': ['performance.now'],
  'src/simulator/mutation/planted/original.ts': ['Date.now'],
  'src/simulator/mutation/planted/batches.ts': ['Math.random'],
  // Real processes: how long to wait for start, response and last output.
  'src/simulator/servers/launch-on-free-port.ts': ['setTimeout'],
  'src/simulator/servers/node-server.ts': ['AbortSignal.timeout'],
  'src/simulator/execution/process/worker.ts': ['setTimeout'],
  // Timers of the code that opens a socket, which are virtual where that is.
  'src/simulator/execution/network/simulated-socket.ts': ['setTimeout'],
  // Connections in a worker process open in its own event loop.
  'src/simulator/execution/process/worker-network.ts': ['setImmediate'],
  // A contained process shows that it goes on, and a thread watches it in real time.
  'src/simulator/execution/contained/watchdog.ts': ['setInterval'],
  'src/simulator/execution/contained/watchdog-thread.ts': ['performance.now', 'setTimeout'],
  // The context that it hands to a handler has a real deadline.
  'src/simulator/execution/process/worker-main.ts': ['Date.now'],
};

export function chanceIsWired(
  sources: readonly Source[],
  wiring: Readonly<Record<SourcePath, readonly Chance[]>> = WIRING,
): Violations {
  return sources.flatMap(({ path, text }) => {
    const used = chanceIn(text);
    const allowed = wiring[path] ?? [];
    return [
      ...used.filter((name) => !allowed.includes(name)).map((name) => `${path} uses ${name}`),
      ...allowed
        .filter((name) => !used.includes(name))
        .map((name) => `${path}: no ${name} any more`),
    ];
  });
}

function chanceIn(text: string): readonly Chance[] {
  const code = withoutComments(text);
  return CHANCE.filter((name) => {
    const words = name.replace('()', '').split(/[.\s]/);
    const parts = words
      .map((word) => `\\b${word}\\b`)
      .join(name.includes(' ') ? '\\s+' : '\\s*\\??\\.\\s*');
    // `Date()` without `new` is a text of now; `new Date(x)` is only a conversion.
    const before = name === 'Date()' ? '(?<!new\\s+)(?<![.\\w])' : '';
    const after = name.endsWith('()') ? '\\s*\\(\\s*\\)' : '';
    const withoutCall = name === 'new Date()' ? '|\\bnew\\s+Date\\b(?!\\s*\\()' : '';
    return new RegExp(`${before}${parts}${after}${withoutCall}`).test(code);
  });
}

function allImports(sources: readonly Source[]): readonly Import[] {
  return sources.flatMap(importsOf);
}

function isOurs(to: string): boolean {
  return /^(src|test|load|bin|scripts)\//.test(to) || to.startsWith('../');
}

function startsWithAny(path: string, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => path.startsWith(prefix));
}

function said({ from, to, isType }: Import): string {
  return `${from} imports ${isType ? 'types of ' : ''}${to}`;
}
