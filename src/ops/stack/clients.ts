/**
 * Clients of a deployed stack's services. The SDK's own variables and files decide about region, credentials and
 * endpoints.
 */
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { KinesisClient } from '@aws-sdk/client-kinesis';
import { SQSClient } from '@aws-sdk/client-sqs';
import { kinesisClient } from '../../simulator/stream/kinesis-client.ts';
import { endpointOf, type Service } from './endpoints.ts';
import { explainingErrors } from './explain-aws-error.ts';

export interface StackClients {
  readonly cloudFormation: CloudFormationClient;
  readonly kinesis: KinesisClient;
  readonly dynamoDb: DynamoDBClient;
  readonly sqs: SQSClient;
}

/** Sends no request yet. `environment` is the process's own: the SDK reads it as well. */
export function createClients(environment: NodeJS.ProcessEnv): StackClients {
  const clients = {
    cloudFormation: new CloudFormationClient({}),
    kinesis: kinesisClient(endpointOf(environment, 'KINESIS')),
    dynamoDb: new DynamoDBClient({}),
    // A queue's URL names its host, unless another endpoint is configured.
    sqs: new SQSClient({ useQueueUrlAsEndpoint: endpointOf(environment, 'SQS') === undefined }),
  };
  const outermost = { step: 'initialize', priority: 'high' } as const;
  const explaining = (name: string, service: Service) =>
    explainingErrors(name, endpointOf(environment, service) ?? 'AWS');
  const { cloudFormation, kinesis, dynamoDb, sqs } = clients;
  cloudFormation.middlewareStack.add(explaining('CloudFormation', 'CLOUDFORMATION'), outermost);
  kinesis.middlewareStack.add(explaining('Kinesis', 'KINESIS'), outermost);
  dynamoDb.middlewareStack.add(explaining('DynamoDB', 'DYNAMODB'), outermost);
  sqs.middlewareStack.add(explaining('SQS', 'SQS'), outermost);
  return clients;
}
