/**
 * The environment variables of a function: those that Lambda sets, the tables' names, and the workload's own.
 * Nothing of the developer's shell is in it. Pure; the same for every world.
 */

export interface FunctionEnvironment {
  readonly memoryMb: number;
  /** Where Lambda has `/var/task`. */
  readonly taskRoot: string;
  /** Such as `src/orders.handler`. */
  readonly handler: string;
  /** Real table names by the variables in which the handler looks for them. */
  readonly tables: Readonly<Record<string, string>>;
  /** Of the workload or the configuration; they come before all others. */
  readonly own: Readonly<Record<string, string>>;
  /** Where temporary files belong on this machine, if not in /tmp. */
  readonly temporaryFolder: string | undefined;
}

export const REGION = 'us-east-1';
export const FUNCTION_NAME = 'winner-view';
export const LOG_GROUP = `/aws/lambda/${FUNCTION_NAME}`;
export const LOG_STREAM = '[$LATEST]simulated';

export function functionEnvironment(parts: FunctionEnvironment): Readonly<Record<string, string>> {
  const { memoryMb, taskRoot, handler, tables, own, temporaryFolder } = parts;
  return {
    // Of no account: what is signed with them is known as a simulation's.
    AWS_ACCESS_KEY_ID: 'simulated',
    AWS_SECRET_ACCESS_KEY: 'simulated',
    AWS_SESSION_TOKEN: 'simulated',
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: FUNCTION_NAME,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: LOG_GROUP,
    AWS_LAMBDA_LOG_STREAM_NAME: LOG_STREAM,
    AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
    AWS_XRAY_DAEMON_ADDRESS: '169.254.79.129:2000',
    _X_AMZN_TRACE_ID: 'Root=1-00000000-000000000000000000000000;Parent=0000000000000000;Sampled=0',
    _HANDLER: handler,
    LAMBDA_TASK_ROOT: taskRoot,
    LAMBDA_RUNTIME_DIR: '/var/runtime',
    // Where nothing is: a developer's ~/.aws is not read.
    HOME: '/home/sandbox',
    LANG: 'en_US.UTF-8',
    PATH: '/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin',
    PWD: taskRoot,
    TZ: ':UTC',
    ...(temporaryFolder === undefined ? {} : { TMPDIR: temporaryFolder }),
    ...tables,
    ...own,
  };
}
