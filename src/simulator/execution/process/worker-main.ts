/**
 * Child process: hosts one handler as a Lambda execution environment does. Its environment is set
 * before it starts, so that a handler finds it while it is being loaded. One invocation at a time;
 * between two of them the pool freezes the process.
 */
import { callbackNote, callHandler } from '../call-handler.ts';
import { type AnyHandler, loadHandler } from '../load-handler.ts';
import { type InvokeMessage, reportOf, type WorkerMessage } from './messages.ts';

const reference = process.argv[2] ?? '';

process.on('uncaughtException', (error) => {
  send({ type: 'crashed', error: reportOf(error) }, () => process.exit(1));
});
process.on('disconnect', () => process.exit(1));

loadHandler(reference).then(
  (handler) => {
    process.on('message', (message: InvokeMessage) => {
      invoke(handler, message).then(send, (error: unknown) =>
        send({ type: 'threw', error: reportOf(error) }),
      );
    });
    send({ type: 'ready' });
  },
  (error: unknown) => send({ type: 'unusable', error: reportOf(error) }, () => process.exit(1)),
);

function send(message: WorkerMessage, afterwards?: () => void): void {
  process.send?.(message, undefined, undefined, () => afterwards?.());
}

let isNoted = false;

async function invoke(handler: AnyHandler, message: InvokeMessage): Promise<WorkerMessage> {
  const result = await callHandler(handler, message.event, contextOf(message), noteCallback);
  // Throws for what has no JSON, as Lambda fails an invocation whose result it can't serialise.
  return { type: 'returned', json: JSON.stringify(result) ?? 'null' };
}

function noteCallback(): void {
  if (isNoted) return;
  isNoted = true;
  send({ type: 'note', text: callbackNote(reference) });
}

function contextOf({ requestId, timeoutMs }: InvokeMessage): object {
  const deadlineMs = Date.now() + timeoutMs;
  const functionName = process.env['AWS_LAMBDA_FUNCTION_NAME'] ?? '';
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName,
    functionVersion: process.env['AWS_LAMBDA_FUNCTION_VERSION'] ?? '',
    invokedFunctionArn: `arn:aws:lambda:${process.env['AWS_REGION']}:000000000000:function:${functionName}`,
    memoryLimitInMB: process.env['AWS_LAMBDA_FUNCTION_MEMORY_SIZE'] ?? '',
    awsRequestId: requestId,
    logGroupName: process.env['AWS_LAMBDA_LOG_GROUP_NAME'] ?? '',
    logStreamName: process.env['AWS_LAMBDA_LOG_STREAM_NAME'] ?? '',
    getRemainingTimeInMillis: () => Math.max(0, deadlineMs - Date.now()),
  };
}
