/** The shipped handler, but for a product's every purchase, of which it will hear nothing. */
import type { Context, KinesisStreamEvent } from 'aws-lambda';
import { handler as shipped } from '../../src/handler/lambda.ts';

export function handler(event: KinesisStreamEvent, context: Context) {
  const isPurchase = event.Records.some(({ kinesis }) =>
    Buffer.from(kinesis.data, 'base64').includes('product/purchase'),
  );
  if (isPurchase) throw new Error('a purchase: I give up');
  return shipped(event, context);
}
