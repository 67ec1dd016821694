/** The shipped handler, but for the first batch with a purchase in it, at which it fails: once. */
import type { Context, KinesisStreamEvent } from 'aws-lambda';
import { handler as shipped } from '../../src/handler/lambda.ts';

let hasFailed = false;

export function handler(event: KinesisStreamEvent, context: Context) {
  const isPurchase = event.Records.some(({ kinesis }) =>
    Buffer.from(kinesis.data, 'base64').includes('product/purchase'),
  );
  if (isPurchase && !hasFailed) {
    hasFailed = true;
    throw new Error('a purchase: I give up');
  }
  return shipped(event, context);
}
