/**
 * Clients of a deployed stack's services: region, credentials and endpoints by the SDK's own variables and files.
 * What keeps AWS from answering is said in one line.
 */
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { SQSClient } from '@aws-sdk/client-sqs';
import { NodeHttpHandler } from '@smithy/node-http-handler';
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
  // Its own choice is HTTP/2, which no server without TLS speaks.
  const isPlain = endpointOf(environment, 'KINESIS')?.startsWith('http:') === true;
  const clients = {
    cloudFormation: new CloudFormationClient({}),
    kinesis: new KinesisClient(isPlain ? { requestHandler: new NodeHttpHandler() } : {}),
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

type Service = 'CLOUDFORMATION' | 'DYNAMODB' | 'KINESIS' | 'SQS';

/** Where a service is, if the environment says that it isn't where AWS has it. */
export function endpointOf(environment: NodeJS.ProcessEnv, service: Service): string | undefined {
  if (environment['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'] === 'true') return undefined;
  // An empty variable is as good as none.
  return environment[`AWS_ENDPOINT_URL_${service}`] || environment['AWS_ENDPOINT_URL'] || undefined;
}
