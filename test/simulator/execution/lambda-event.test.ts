import { expect, test } from '@jest/globals';
import { lambdaEvent } from '../../../src/simulator/execution/lambda-event.ts';

test('records become the event of an event source mapping', () => {
  const event = lambdaEvent(
    [
      {
        shardId: 'shardId-000000000001',
        sequenceNumber: '495716',
        partitionKey: '7749361',
        // A view into a larger buffer: only its own bytes count.
        data: new TextEncoder().encode('..{"é":1}..').subarray(2, -2),
        arrivedAtMs: 1_490_745_173_763,
      },
    ],
    {
      streamArn: 'arn:aws:kinesis:eu-west-1:000000000000:stream/dev-retail',
      roleArn: 'arn:aws:iam::000000000000:role/dev-winner',
    },
  );
  expect(event).toEqual({
    Records: [
      {
        kinesis: {
          kinesisSchemaVersion: '1.0',
          partitionKey: '7749361',
          sequenceNumber: '495716',
          data: Buffer.from('{"é":1}').toString('base64'),
          approximateArrivalTimestamp: 1_490_745_173.763,
        },
        eventSource: 'aws:kinesis',
        eventVersion: '1.0',
        eventID: 'shardId-000000000001:495716',
        eventName: 'aws:kinesis:record',
        invokeIdentityArn: 'arn:aws:iam::000000000000:role/dev-winner',
        awsRegion: 'eu-west-1',
        eventSourceARN: 'arn:aws:kinesis:eu-west-1:000000000000:stream/dev-retail',
      },
    ],
  });
});
