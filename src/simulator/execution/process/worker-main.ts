/**
 * Child process: hosts one handler like a Lambda execution environment. Its environment variables
 * are set before it starts, so that the handler's module can read them. One invocation at a time;
 * the pool freezes the process in between.
 */
import { callbackNote, callHandler } from '../call-handler.ts';
import { lambdaContext } from '../lambda-context.ts';
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
  // Throws for a value that is not JSON, as Lambda fails such an invocation.
  return { type: 'returned', json: JSON.stringify(result) ?? 'null' };
}

function noteCallback(): void {
  if (isNoted) return;
  isNoted = true;
  send({ type: 'note', text: callbackNote(reference) });
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
