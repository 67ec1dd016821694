/** Does what the event says. */
interface Order {
  readonly do?: string;
  readonly value?: unknown;
}
interface Context {
  getRemainingTimeInMillis(): number;
  readonly awsRequestId: string;
}

let invocations = 0;

export const handler = async (event: Order, context: Context): Promise<unknown> => {
  invocations++;
  switch (event.do) {
    case 'throw':
      throw new RangeError('out of it');
    case 'hang':
      return new Promise(() => setInterval(() => {}, 1000));
    case 'exit':
      console.error('last words');
      return process.exit(3);
    case 'reject-unhandled':
      void Promise.reject(new TypeError('unhandled'));
      return new Promise(() => setInterval(() => {}, 1000));
    case 'cyclic': {
      const cycle: Record<string, unknown> = {};
      cycle['self'] = cycle;
      return cycle;
    }
    case 'nothing':
      return undefined;
    case 'print':
      process.stdout.write('one\ntw');
      process.stdout.write('o\n');
      return null;
    case 'tick': {
      // Continues after the response, unless frozen.
      setInterval(() => process.stdout.write('tick\n'), 1);
      return null;
    }
    default:
      return {
        value: event.value,
        invocations,
        remainingMs: context.getRemainingTimeInMillis(),
        requestId: context.awsRequestId,
        pid: process.pid,
        environment: {
          table: process.env['TABLE_SCORES_NAME'],
          functionName: process.env['AWS_LAMBDA_FUNCTION_NAME'],
          profile: process.env['AWS_PROFILE'],
        },
      };
  }
};

export const other = async (): Promise<string> => 'other';
export const number = 7;
