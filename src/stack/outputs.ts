/** A stage's stream, tables and failure queue, by the outputs of its stack. */
import {
  type CloudFormationClient,
  DescribeStacksCommand,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { SimulatorError } from '../simulator/model/errors.ts';
import type { TableDefinition } from '../simulator/model/workload.ts';
import { readStreamDefinition, readTableDefinitions } from './definitions.ts';
import { endpointOf } from './endpoints.ts';

export interface StackOutputs {
  /** Such as `winner-view-dev`. */
  readonly stackName: string;
  readonly streamName: string;
  /** Undefined where the names follow from serverless.yml. */
  readonly streamArn: string | undefined;
  /** Real table names by the workload's own, such as `Balances`. */
  readonly tables: ReadonlyMap<string, string>;
  /** Undefined where the names follow from serverless.yml. */
  readonly failureQueueUrl: string | undefined;
}

export interface StageParts {
  readonly stage: string;
  /** Those whose names are wanted. */
  readonly tables: readonly Pick<TableDefinition, 'name'>[];
  readonly cloudFormation: CloudFormationClient;
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * Asks CloudFormation, unless DynamoDB is somewhere else (`AWS_ENDPOINT_URL_DYNAMODB`) and CloudFormation isn't:
 * then the two don't belong together, and the names are those that serverless.yml gives to a stage.
 * Rejects with a `SimulatorError`.
 */
export async function findStack(parts: StageParts): Promise<StackOutputs> {
  const { stage, tables, cloudFormation, environment } = parts;
  const isElsewhere = endpointOf(environment, 'DYNAMODB') !== undefined;
  if (isElsewhere && endpointOf(environment, 'CLOUDFORMATION') === undefined) return named(parts);
  const stackName = `${SERVICE}-${stage}`;
  const stack = await describe(cloudFormation, stackName, stage);
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
    streamArn: output('StreamArn'),
    tables: new Map(tables.map(({ name }) => [name, output(`${name}TableName`)])),
    failureQueueUrl: output('FailureQueueUrl'),
  };
}

const SERVICE = 'winner-view';

function named({ stage, tables }: StageParts): StackOutputs {
  const definitions = readTableDefinitions(stage);
  const nameOf = (name: string): string => {
    const found = definitions.find(({ logicalId }) => logicalId === `${name}Table`);
    if (found !== undefined) return found.input.TableName;
    throw new SimulatorError('usage', `serverless.yml has no table ${name}Table`);
  };
  return {
    stackName: `${SERVICE}-${stage}`,
    streamName: readStreamDefinition(stage).name,
    streamArn: undefined,
    tables: new Map(tables.map(({ name }) => [name, nameOf(name)])),
    failureQueueUrl: undefined,
  };
}

/** What a stack can be used in: made, and not on its way to something else that may fail. */
const USABLE = /^(CREATE|UPDATE|UPDATE_ROLLBACK|IMPORT|IMPORT_ROLLBACK)_COMPLETE/;

async function describe(
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
      `there is no stack ${stackName} in ${region}: make it with ${deploy}, or name another --stage or AWS_REGION`,
    );
  }
  const { StackStatus: status = 'in an unknown state', StackStatusReason: reason } = stack;
  if (USABLE.test(status)) return stack;
  const why = reason === undefined ? '' : ` (${reason})`;
  const remedy = status.endsWith('IN_PROGRESS')
    ? 'wait until that is over'
    : `mend it first, then ${deploy}`;
  throw new SimulatorError('unavailable', `the stack ${stackName} is ${status}${why}: ${remedy}`);
}
