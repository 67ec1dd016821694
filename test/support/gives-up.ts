/** The shipped handler, but it throws once, at the first batch with a purchase. */
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
