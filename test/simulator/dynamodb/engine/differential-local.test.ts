/**
 * The fake against Amazon's DynamoDB Local, for a second opinion: answers and the names of errors.
 * Its messages and capacity are its own.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { coverage, outline, runSequence } from './harness.ts';
import { localDiffers } from './known.ts';
import { base64, type Server, startJsonServer } from './server.ts';

const SEED = 6;
const SEQUENCES = 30;
const OPERATIONS_MIN = 300;

describe('the simulated DynamoDB and DynamoDB Local', () => {
  let server: Server;

  beforeAll(async () => {
    server = await startJsonServer('dynamodb-local');
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
