// The packaged handler, for scripts/peer-offline.ts, with some records out of luck once: at the first of them a batch
// ends, and what comes from there on is left to another delivery. LUCK says how the batch is answered then.
import { createHash } from 'node:crypto';
import process from 'node:process';
import { handler as shipped } from './winner.mjs';

const { LUCK } = process.env;
if (LUCK === undefined) throw new Error('LUCK is not set');
const UNLUCKY_OF_256 = 5;
const met = new Set();

export async function handler(event, context) {
  const { Records } = event;
  const at = LUCK === 'good' ? -1 : Records.findIndex(({ kinesis }) => isUnlucky(kinesis));
  if (at < 0) return await shipped(event, context);
  const { sequenceNumber } = Records[at].kinesis;
  met.add(sequenceNumber);
  await shipped({ Records: Records.slice(0, at) }, context);
  if (LUCK === 'throws') throw new Error(`no luck with ${sequenceNumber}`);
  return { batchItemFailures: [{ itemIdentifier: sequenceNumber }] };
}

function isUnlucky({ sequenceNumber }) {
  const [byte] = createHash('sha256').update(sequenceNumber).digest();
  return byte < UNLUCKY_OF_256 && !met.has(sequenceNumber);
}
