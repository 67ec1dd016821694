import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { defaultOptions, repeatCommand } from '../../../src/cli/options/run-options.ts';
import { PROFILES } from '../../../src/simulator/model/fault-profiles.ts';
import { FAULT_NAMES } from '../../../src/simulator/model/faults.ts';
import type { RunOptions } from '../../../src/simulator/model/run-options.ts';
import { parsed } from '../context.ts';

const defaults = (seed: string) => defaultOptions({ seed, count: 1000, shuffle: false });
const FILE = fileURLToPath(new URL('../context.ts', import.meta.url));

/** The words that a shell makes of the command, without running it. */
function shellWords(command: string): string[] {
  const words = command.replace(/^npx simulate/, 'printf "%s\\0"');
  return execFileSync('sh', ['-c', words], { encoding: 'utf8' }).split('\0').slice(0, -1);
}

const seeds = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({
    unit: fc.constantFrom('-', "'", '"', ' ', '$', '`', '\\', '\n', '=', '!', '#', 'é', '😀'),
  }),
  fc.constantFrom(
    '',
    '-',
    '--',
    '--help',
    '-5',
    '--seed=x',
    "'q'",
    '"q"',
    '*',
    '~',
    '$(id)',
    'true',
  ),
);
const ratio = fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0);
const positive = fc.double({ min: Number.MIN_VALUE, max: 1, noNaN: true });
const some = fc.integer({ min: 1, max: 500 });
const NO_SERVERS = { kinesisEndpoint: undefined, dynamodbEndpoint: undefined };
const options: fc.Arbitrary<RunOptions> = fc
  .record({
    seed: seeds.filter((seed) => !seed.includes('\0')),
    count: fc.oneof(fc.constant(1000), fc.integer({ min: 1, max: 100_000_000 })),
    entities: fc.record({ products: some, users: some }),
    shuffle: fc.oneof(fc.boolean(), some),
    duplicate: fc.oneof(fc.constantFrom(0, 0.1), ratio),
    delay: fc.oneof(fc.constantFrom(0, 0.05), ratio),
    garbage: ratio,
    shards: some,
    partition: fc.constantFrom('key', 'random'),
    batchSize: fc.integer({ min: 1, max: 10_000 }),
    batchWindow: fc.integer({ min: 0, max: 300 }),
    parallelizationFactor: fc.integer({ min: 1, max: 10 }),
    retryAttempts: fc.integer({ min: -1, max: 10_000 }),
    bisect: fc.boolean(),
    repeatDelivery: ratio,
    faultProfile: fc.constantFrom(
      { name: 'none', ratios: PROFILES.none },
      { name: 'heavy', ratios: PROFILES.heavy },
    ),
    invariants: fc.boolean(),
    inMemory: fc.boolean(),
    kill: fc.nat(100),
    faults: fc.dictionary(fc.constantFrom(...FAULT_NAMES), positive, { noNullPrototype: true }),
    workload: fc.constantFrom(undefined, FILE),
    handler: fc.constantFrom(undefined, FILE, `${FILE}#it's $x`),
    kinesisEndpoint: fc.constantFrom(undefined, 'http://127.0.0.1:4567'),
    dynamodbEndpoint: fc.constantFrom(undefined, 'http://[::1]:8000'),
  })
  .map(({ inMemory, ...drawn }) => {
    const isLocal = !inMemory;
    const hasHandler = drawn.handler !== undefined;
    const { kinesisEndpoint, dynamodbEndpoint } = drawn;
    const servers = isLocal ? { kinesisEndpoint, dynamodbEndpoint } : NO_SERVERS;
    return {
      ...defaultOptions(drawn),
      ...drawn,
      ...servers,
      world: isLocal ? 'local' : 'memory',
      workload: hasHandler ? drawn.workload : undefined,
      invariants: hasHandler && inMemory && drawn.invariants,
      kinesisServer: isLocal && kinesisEndpoint === undefined ? 'kinesis-local' : 'kinesalite',
      dynamodbServer: isLocal && dynamodbEndpoint === undefined ? 'dynamodb-local' : 'dynoxide',
    };
  });

test('through a shell and the parser it comes to the same options', async () => {
  await fc.assert(
    fc.asyncProperty(options, async (drawn) => {
      const command = repeatCommand(drawn);
      expect(await parsed(...shellWords(command))).toEqual(drawn);
    }),
    { numRuns: 80 },
  );
});

test.each<[string, Partial<RunOptions>, string]>([
  ['nothing but the seed', {}, '--seed S'],
  [
    'a shuffle that brings its company',
    { shuffle: true, duplicate: 0.1, delay: 0.05 },
    '--seed S --shuffle',
  ],
  ['a shuffle alone', { shuffle: true }, '--seed S --shuffle --duplicate 0 --delay 0'],
  ['what is off', { bisect: false }, '--seed S --no-bisect'],
  [
    'each fault',
    { kill: 2, faults: { slow: 0.1, conflict: 0.2 } },
    '--seed S --kill 2 --fault slow=0.1 --fault conflict=0.2',
  ],
  [
    'entities of another workload',
    { workload: 'w.ts', handler: 'h.ts', entities: { pages: 3, users: 10 } },
    '--seed S --entity pages=3 --users 10 --workload w.ts --handler h.ts',
  ],
  [
    'no flag that its world ignores',
    { world: 'memory', kinesisServer: 'kinesis-local' },
    '--seed S --world memory',
  ],
  ['numbers', { count: 10_000, entities: { products: 100, users: 40 } }, '--seed S --count 10000'],
  [
    'a deployed stack, and no prefix that the seed makes',
    { world: 'aws', stage: 'dev', wait: 60, clean: true },
    '--seed S --world aws --stage dev --wait 60 --clean',
  ],
  ['a dash before', { seed: "-it's" }, "--seed='-it'\\''s'"],
])('it names %s', (_name, changes, expected) => {
  expect(repeatCommand({ ...defaults('S'), ...changes })).toBe(`npx simulate ${expected}`);
});
