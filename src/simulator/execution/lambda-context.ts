/** The context object that `nodejs24.x` passes to a handler: without `succeed`, `fail` and `done`. */
export interface LambdaContextParts {
  readonly functionName: string;
  readonly functionVersion: string;
  readonly region: string;
  readonly memoryLimitInMB: string;
  readonly requestId: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
  remainingMs(): number;
}

export function lambdaContext(parts: LambdaContextParts): object {
  const { functionName, functionVersion, region, memoryLimitInMB, requestId } = parts;
  return {
    functionName,
    functionVersion,
    invokedFunctionArn: `arn:aws:lambda:${region}:000000000000:function:${functionName}`,
    memoryLimitInMB,
    awsRequestId: requestId,
    logGroupName: parts.logGroupName,
    logStreamName: parts.logStreamName,
    getRemainingTimeInMillis: () => Math.max(0, parts.remainingMs()),
  };
}

/** Shaped like Lambda's request ids, and the same in every run. */
export function requestIdOf(invocation: number): string {
  return `00000000-0000-4000-8000-${String(invocation).padStart(12, '0')}`;
}
