/** Where AWS's services are, if the environment says that they aren't where AWS has them. */

export type Service = 'CLOUDFORMATION' | 'DYNAMODB' | 'KINESIS' | 'SQS';

/** As the SDK's clients read it; undefined: AWS itself. */
export function endpointOf(environment: NodeJS.ProcessEnv, service: Service): string | undefined {
  if (environment['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'] === 'true') return undefined;
  // An empty variable is as good as none.
  return environment[`AWS_ENDPOINT_URL_${service}`] || environment['AWS_ENDPOINT_URL'] || undefined;
}
