/**
 * Clients of a deployed stack's services: region, credentials and endpoints by the SDK's own variables and files.
 * What keeps AWS from answering is said in one line.
 */
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { KinesisClient } from '@aws-sdk/client-kinesis';
import { SQSClient } from '@aws-sdk/client-sqs';
import { kinesisClient } from '../simulator/stream/kinesis-client.ts';
import { endpointOf, type Service } from './endpoints.ts';
import { sayingWhatIsWrong } from './failures.ts';

export interface StackClients {
  readonly cloudFormation: CloudFormationClient;
  readonly kinesis: KinesisClient;
  readonly dynamoDb: DynamoDBClient;
  readonly sqs: SQSClient;
  /** Closes the connections. */
  destroy(): void;
}

/** Nothing is asked of AWS yet. `environment` is the process's own: the SDK reads it as well. */
export function createClients(environment: NodeJS.ProcessEnv): StackClients {
  const clients = {
    cloudFormation: new CloudFormationClient({}),
    kinesis: kinesisClient(endpointOf(environment, 'KINESIS')),
    dynamoDb: new DynamoDBClient({}),
    // A queue's URL names its host; another endpoint goes before it.
    sqs: new SQSClient({ useQueueUrlAsEndpoint: endpointOf(environment, 'SQS') === undefined }),
  };
  const outermost = { step: 'initialize', priority: 'high' } as const;
  const place = (service: Service) => endpointOf(environment, service) ?? 'AWS';
  clients.cloudFormation.middlewareStack.add(
    sayingWhatIsWrong('CloudFormation', place('CLOUDFORMATION')),
    outermost,
  );
  clients.kinesis.middlewareStack.add(sayingWhatIsWrong('Kinesis', place('KINESIS')), outermost);
  clients.dynamoDb.middlewareStack.add(sayingWhatIsWrong('DynamoDB', place('DYNAMODB')), outermost);
  clients.sqs.middlewareStack.add(sayingWhatIsWrong('SQS', place('SQS')), outermost);
  return {
    ...clients,
    destroy() {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}
