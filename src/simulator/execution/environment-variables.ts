/** The environment variables of a function, as Lambda sets them. */
import { LOCAL_CREDENTIALS, LOCAL_REGION } from '../servers/local-credentials.ts';

export interface FunctionSettings {
  readonly functionName: string;
  readonly memoryLimitInMb: number;
  /** The folder of an unpacked artifact. */
  readonly taskRoot?: string | undefined;
}

export interface WorkerEnvironment {
  /** The worker's gateway. */
  readonly dynamoDbEndpoint: string;
  readonly kinesisEndpoint?: string;
  /** Real table names by the environment variables in which the handler expects them. */
  readonly tables: Readonly<Record<string, string>>;
}

/**
 * The inherited variables, which the handler may need, without those that could direct its AWS
 * clients elsewhere, and with those that Lambda sets.
 */
export function environmentVariables(
  inherited: NodeJS.ProcessEnv,
  { functionName, memoryLimitInMb, taskRoot }: FunctionSettings,
  { dynamoDbEndpoint, kinesisEndpoint, tables }: WorkerEnvironment,
): NodeJS.ProcessEnv {
  const own = Object.entries(inherited).filter(
    ([name]) => !/^(AWS_|_X_AMZN_|POWERTOOLS_|LAMBDA_|NODE_CHANNEL_|NODE_PATH$)/.test(name),
  );
  return {
    ...Object.fromEntries(own),
    ...tables,
    AWS_ACCESS_KEY_ID: LOCAL_CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: LOCAL_CREDENTIALS.secretAccessKey,
    AWS_REGION: LOCAL_REGION,
    AWS_DEFAULT_REGION: LOCAL_REGION,
    AWS_ENDPOINT_URL_DYNAMODB: dynamoDbEndpoint,
    ...(kinesisEndpoint === undefined ? {} : { AWS_ENDPOINT_URL_KINESIS: kinesisEndpoint }),
    // The developer's own profile and credentials stay unused.
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: functionName,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryLimitInMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${functionName}`,
    AWS_LAMBDA_LOG_STREAM_NAME: '[$LATEST]local',
    POWERTOOLS_DEV: 'false',
    ...(taskRoot === undefined ? {} : { LAMBDA_TASK_ROOT: taskRoot }),
    TZ: 'UTC',
  };
}
