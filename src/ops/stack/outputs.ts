/** Reads the outputs of a stage's stack: the names of its stream, tables and failure queue. */
import {
  type CloudFormationClient,
  DescribeStacksCommand,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { SimulatorError } from '../../simulator/model/errors.ts';
import { readStreamDefinition, readTableDefinitions } from '../../simulator/stack-template.ts';
import { endpointOf } from './endpoints.ts';

export interface StackOutputs {
  /** Such as `winner-view-dev`. */
  readonly stackName: string;
  readonly streamName: string;
  /** Undefined without a stack. */
  readonly failureQueueUrl: string | undefined;
  /** The real name of a table such as `Scores`. Throws a `SimulatorError` if the stack has none. */
  tableName(name: string): string;
}

export interface OutputsParts {
  readonly stage: string;
  readonly cloudFormation: CloudFormationClient;
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * Asks CloudFormation, unless only DynamoDB has another endpoint (`AWS_ENDPOINT_URL_DYNAMODB`): then there is no stack,
 * and serverless.yml gives the names for the stage. Rejects with a `SimulatorError`.
 */
export async function readOutputs(parts: OutputsParts): Promise<StackOutputs> {
  const { stage, cloudFormation, environment } = parts;
  const stackName = `${SERVICE}-${stage}`;
  const isLocal = endpointOf(environment, 'DYNAMODB') !== undefined;
  if (isLocal && endpointOf(environment, 'CLOUDFORMATION') === undefined) {
    return outputsOfTemplate(stage, stackName);
  }
  const stack = await describeStack(cloudFormation, stackName, stage);
  const output = (name: string): string => {
    const found = stack.Outputs?.find(({ OutputKey }) => OutputKey === name)?.OutputValue;
    if (found) return found;
    throw new SimulatorError(
      'unavailable',
      `the stack ${stackName} has no output ${name}: it was deployed from another template; ` +
        `deploy this one with npx serverless deploy --stage ${stage}`,
    );
  };
  return {
    stackName,
    streamName: output('StreamName'),
    failureQueueUrl: output('FailureQueueUrl'),
    tableName: (name) => output(`${name}TableName`),
  };
}

const SERVICE = 'winner-view';

function outputsOfTemplate(stage: string, stackName: string): StackOutputs {
  const definitions = readTableDefinitions(stage);
  return {
    stackName,
    streamName: readStreamDefinition(stage).name,
    failureQueueUrl: undefined,
    tableName(name) {
      const found = definitions.find(({ logicalId }) => logicalId === `${name}Table`);
      if (found !== undefined) return found.input.TableName;
      throw new SimulatorError('usage', `serverless.yml has no table ${name}Table`);
    },
  };
}

/** Deployed, and not on the way to another state. */
const USABLE = /^(CREATE|UPDATE|UPDATE_ROLLBACK|IMPORT|IMPORT_ROLLBACK)_COMPLETE/;

async function describeStack(
  client: CloudFormationClient,
  stackName: string,
  stage: string,
): Promise<Stack> {
  const deploy = `npx serverless deploy --stage ${stage}`;
  let stack: Stack | undefined;
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: stackName }));
    stack = Stacks?.[0];
  } catch (error) {
    if (!(error instanceof Error) || !/does not exist/.test(error.message)) throw error;
  }
  if (stack === undefined) {
    const region = await client.config.region();
    throw new SimulatorError(
      'usage',
      `there is no stack ${stackName} in ${region}: deploy it with ${deploy}, or name another --stage or AWS_REGION`,
    );
  }
  const { StackStatus: status = 'in an unknown state', StackStatusReason: reason } = stack;
  if (USABLE.test(status)) return stack;
  const why = reason === undefined ? '' : ` (${reason})`;
  const remedy = status.endsWith('IN_PROGRESS')
    ? 'wait until that is over'
    : `repair it first, then ${deploy}`;
  throw new SimulatorError('unavailable', `the stack ${stackName} is ${status}${why}: ${remedy}`);
}
