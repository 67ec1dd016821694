/** Endpoints of AWS services that the environment configures. */

export type Service = 'CLOUDFORMATION' | 'DYNAMODB' | 'KINESIS' | 'SQS';

/** By the SDK's own variables; undefined: AWS itself. */
export function endpointOf(environment: NodeJS.ProcessEnv, service: Service): string | undefined {
  if (environment['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'] === 'true') return undefined;
  // An empty variable counts as unset.
  return environment[`AWS_ENDPOINT_URL_${service}`] || environment['AWS_ENDPOINT_URL'] || undefined;
}
