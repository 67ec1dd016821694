/** The account that is deployed to: clients of its services, and what is asked of them more than once. */
import {
  CloudFormationClient,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  type Stack,
  type StackResource,
} from '@aws-sdk/client-cloudformation';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { IAMClient } from '@aws-sdk/client-iam';
import type { KinesisClient } from '@aws-sdk/client-kinesis';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SQSClient } from '@aws-sdk/client-sqs';
import { localKinesisClient } from '../../src/simulator/stream/kinesis-client.ts';

export interface Account {
  /** What leads `serverless` here. */
  readonly environment: Readonly<Record<string, string>>;
  readonly cloudFormation: CloudFormationClient;
  readonly lambda: LambdaClient;
  readonly dynamoDb: DynamoDBClient;
  readonly kinesis: KinesisClient;
  readonly sqs: SQSClient;
  readonly iam: IAMClient;
  stack(name: string): Promise<Stack | undefined>;
  stackResources(name: string): Promise<readonly StackResource[]>;
  /** In alphabetical order. */
  tableNames(): Promise<readonly string[]>;
}

export function accountAt(endpoint: string): Account {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const place = { region: 'us-east-1', credentials, endpoint };
  const cloudFormation = new CloudFormationClient(place);
  const dynamoDb = new DynamoDBClient(place);
  return {
    environment: {
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    },
    cloudFormation,
    lambda: new LambdaClient(place),
    dynamoDb,
    kinesis: localKinesisClient(place),
    sqs: new SQSClient(place),
    iam: new IAMClient(place),
    async stack(name) {
      return (await cloudFormation.send(new DescribeStacksCommand({ StackName: name })))
        .Stacks?.[0];
    },
    async stackResources(name) {
      const command = new DescribeStackResourcesCommand({ StackName: name });
      return (await cloudFormation.send(command)).StackResources ?? [];
    },
    async tableNames() {
      return ((await dynamoDb.send(new ListTablesCommand({}))).TableNames ?? []).toSorted();
    },
  };
}
