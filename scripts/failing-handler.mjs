// The packaged handler for scripts/compare-serverless-offline.ts, failing once at some records: the batch ends
// before such a record, and the rest is delivered again. FAILURES says how the batch reports that.
import { createHash } from 'node:crypto';
import process from 'node:process';
import { handler as shipped } from './winner.mjs';

const { FAILURES } = process.env;
if (FAILURES === undefined) throw new Error('FAILURES is not set');
const FAILING_OF_256 = 5;
const failed = new Set();

export async function handler(event, context) {
  const { Records } = event;
  const at = FAILURES === 'none' ? -1 : Records.findIndex(({ kinesis }) => fails(kinesis));
  if (at < 0) return await shipped(event, context);
  const { sequenceNumber } = Records[at].kinesis;
  failed.add(sequenceNumber);
  await shipped({ Records: Records.slice(0, at) }, context);
  if (FAILURES === 'thrown') throw new Error(`fails at ${sequenceNumber}`);
  return { batchItemFailures: [{ itemIdentifier: sequenceNumber }] };
}

function fails({ sequenceNumber }) {
  const [byte] = createHash('sha256').update(sequenceNumber).digest();
  return byte < FAILING_OF_256 && !failed.has(sequenceNumber);
}
