/**
 * Interprets the result of an invocation (items 6, 7 and 8). Lambda receives the returned value as
 * JSON: `undefined` counts as `null`, and keys with the value `undefined` don't exist.
 */
import type { InvocationOutcome } from '../model/history.ts';
import type { InvocationResult } from './messages.ts';
import type { EventSourceMapping } from './settings.ts';

type ResponseSettings = Pick<
  EventSourceMapping,
  'reportBatchItemFailures' | 'unknownItemIdentifier' | 'unknownResponse'
>;

export function interpretResult(
  result: InvocationResult,
  batchSequenceNumbers: readonly string[],
  settings: ResponseSettings,
): InvocationOutcome {
  switch (result.kind) {
    case 'returned':
      return interpretResponse(result.value, batchSequenceNumbers, settings);
    case 'threw':
      return { kind: 'failure', error: result.error };
    default:
      return result;
  }
}

/** A partial outcome lists the failed sequence numbers in the order of the batch. */
export function interpretResponse(
  value: unknown,
  batchSequenceNumbers: readonly string[],
  settings: ResponseSettings,
): InvocationOutcome {
  // Item 6: the response is ignored unless reporting is switched on.
  if (!settings.reportBatchItemFailures || isEmptyResponse(value)) return SUCCESS;
  const failures = (value as Readonly<Record<string, unknown>>)['batchItemFailures'];
  if (!Array.isArray(failures)) return unknownResponse(value, settings);

  const known = new Set(batchSequenceNumbers);
  const failed = new Set<string>();
  // Item 8: one bad identifier among good ones fails the batch. Undocumented; this is harsher.
  for (const entry of failures as readonly unknown[]) {
    const identifier =
      typeof entry === 'object' && entry !== null
        ? (entry as Readonly<Record<string, unknown>>)['itemIdentifier']
        : undefined;
    if (typeof identifier !== 'string' || identifier === '') {
      return { kind: 'failure', error: `no valid itemIdentifier in ${show(entry)}` };
    }
    if (known.has(identifier)) failed.add(identifier);
    else if (settings.unknownItemIdentifier === 'fails-batch') {
      return { kind: 'failure', error: `itemIdentifier is not in the batch: ${show(identifier)}` };
    }
  }
  if (failed.size === 0) return SUCCESS;
  return { kind: 'partial', failed: batchSequenceNumbers.filter((number) => failed.has(number)) };
}

const SUCCESS: InvocationOutcome = { kind: 'success' };

/** Item 7. */
function isEmptyResponse(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  if (typeof value !== 'object') return false;
  if (Array.isArray(value)) return value.length === 0;
  const isEmpty = Object.values(value).every((content) => content === undefined);
  const failures = (value as Readonly<Record<string, unknown>>)['batchItemFailures'];
  return isEmpty || failures === null;
}

function unknownResponse(value: unknown, settings: ResponseSettings): InvocationOutcome {
  if (settings.unknownResponse === 'succeeds') return SUCCESS;
  return { kind: 'failure', error: `not a batch item failures response: ${show(value)}` };
}

function show(value: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch {
    // A cycle or a bigint, which Lambda couldn't serialise either.
  }
  return (text ?? String(value)).slice(0, 200);
}
