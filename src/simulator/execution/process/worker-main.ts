/**
 * Child process: hosts one handler like a Lambda execution environment. Its environment variables
 * are set before it starts, so that the handler's module can read them. One invocation at a time;
 * the pool freezes the process in between.
 */
import { lambdaContext } from '../lambda-context.ts';
import { type Handler, invokeHandler } from '../nodejs-runtime.ts';
import { describeError } from '../source-lines.ts';
import { importHandler, linesOf } from './import-handler.ts';
import type { ErrorReport, InvokeMessage, WorkerMessage, WorkerStart } from './messages.ts';
import { installWorkerNetwork } from './worker-network.ts';

const { handler: loadable, network } = JSON.parse(process.argv[2] ?? '{}') as WorkerStart;
const lines = linesOf(loadable);
const reportOf = (error: unknown): ErrorReport => describeError(error, lines);

process.on('uncaughtException', (error) => {
  send({ type: 'crashed', error: reportOf(error) }, () => process.exit(1));
});
process.on('disconnect', () => process.exit(1));
installWorkerNetwork({
  ...network,
  refused: (feature) => send({ type: 'not-simulated', feature }),
});

importHandler(loadable).then(
  (handler) => {
    process.on('message', (message: InvokeMessage) => {
      invoke(handler, message).then(send, (error: unknown) =>
        send({ type: 'threw', error: reportOf(error) }),
      );
    });
    send({ type: 'ready' });
  },
  ({ name, message }: Error) =>
    send({ type: 'unusable', error: { name, message } }, () => process.exit(1)),
);

function send(message: WorkerMessage, afterwards?: () => void): void {
  process.send?.(message, undefined, undefined, () => afterwards?.());
}

async function invoke(handler: Handler, message: InvokeMessage): Promise<WorkerMessage> {
  const result = await invokeHandler(handler, message.event, contextOf(message));
  return { type: 'returned', json: JSON.stringify(result) };
}

function contextOf({ requestId, timeoutMs }: InvokeMessage): object {
  const deadlineMs = Date.now() + timeoutMs;
  const variable = (name: string): string => process.env[name] ?? '';
  return lambdaContext({
    functionName: variable('AWS_LAMBDA_FUNCTION_NAME'),
    functionVersion: variable('AWS_LAMBDA_FUNCTION_VERSION'),
    region: variable('AWS_REGION'),
    memoryLimitInMB: variable('AWS_LAMBDA_FUNCTION_MEMORY_SIZE'),
    requestId,
    logGroupName: variable('AWS_LAMBDA_LOG_GROUP_NAME'),
    logStreamName: variable('AWS_LAMBDA_LOG_STREAM_NAME'),
    remainingMs: () => deadlineMs - Date.now(),
  });
}
