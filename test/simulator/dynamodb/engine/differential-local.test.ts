/**
 * The simulated DynamoDB against Amazon's DynamoDB Local, for a second opinion: the same results
 * and error names. Its messages and capacity differ.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { base64, type Server, startJsonServer } from './json-server.ts';
import { localDiffers } from './known-differences.ts';
import { coverage, outline, runSequence } from './run-sequence.ts';

const SEED = 6;
const SEQUENCES = 30;
const OPERATIONS_MIN = 300;

describe('the simulated DynamoDB and DynamoDB Local', () => {
  let server: Server;

  beforeAll(async () => {
    server = await startJsonServer('dynamodb-local');
  }, 30_000);

  afterAll(() => server?.stop());

  test('return the same for random sequences of requests', async () => {
    const done = coverage();
    let sequence = 0;
    const numbers = fc.array(fc.nat(0xffff), { minLength: 90, maxLength: 90 });
    const sequences = fc.array(numbers, { minLength: 20, maxLength: 50, size: 'max' });
    await fc.assert(
      fc.asyncProperty(sequences, async (requests) => {
        const suffix = `-${sequence++}`;
        const difference = await runSequence(server, requests, suffix, done, outline, localDiffers);
        if (difference) throw new Error(JSON.stringify(difference, base64, 1));
      }),
      { seed: SEED, numRuns: SEQUENCES },
    );
    expect(done.operations).toBeGreaterThanOrEqual(OPERATIONS_MIN);
  }, 120_000);
});
