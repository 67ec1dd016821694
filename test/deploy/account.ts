/** The account to deploy to: clients of its services, and common requests. */
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
  /** Directs `serverless` to the account. */
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
  const config = { region: 'us-east-1', credentials, endpoint };
  const cloudFormation = new CloudFormationClient(config);
  const dynamoDb = new DynamoDBClient(config);
  return {
    environment: {
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    },
    cloudFormation,
    lambda: new LambdaClient(config),
    dynamoDb,
    kinesis: localKinesisClient(config),
    sqs: new SQSClient(config),
    iam: new IAMClient(config),
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
