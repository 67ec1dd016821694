/** Shows what a stage has quarantined or discarded, and puts it back onto the stream if asked. */
import { SimulatorError } from '../../simulator/model/errors.ts';
import { count, plural, printable } from '../../simulator/report/text.ts';
import { pauseOf } from '../pause.ts';
import { type DeployedStack, openStack } from '../stack/open-stack.ts';
import {
  deleteMessage,
  type FailureMessage,
  receiveMessages,
  releaseMessages,
} from './failure-queue.ts';
import { formatMessages, formatQuarantine } from './format.ts';
import { listQuarantined, type Quarantined } from './quarantine.ts';
import { type Redriven, type RedriveParts, redriveBatch, redriveQuarantined } from './redrive.ts';

export interface RedriveOptions {
  readonly stage: string;
  /** Put back everything: `all`; what has one reason; undefined: only show. */
  readonly what: 'all' | { readonly reason: string } | undefined;
}

export interface StageParts {
  readonly environment: NodeJS.ProcessEnv;
  /** Milliseconds since the epoch. */
  now(): number;
  readonly signal: AbortSignal;
  print(text: string): void;
  /** A line that the next one replaces. */
  progress(line: string): void;
}

/** At most in one call. */
const MESSAGES_MAX = 1_000;
/** How long received messages stay hidden from other consumers; those that are only shown are released at once. */
const HIDDEN_SECONDS = { show: 30, putBack: 900 };
const REFUSED_SHOWN_MAX = 20;

/** Resolves to whether everything that was asked for could be put back. */
export async function redriveStage(
  { stage, what }: RedriveOptions,
  { environment, now, signal, print, progress }: StageParts,
): Promise<boolean> {
  const stack = await openStack(stage, environment);
  try {
    const { dynamoDb, kinesis, sqs } = stack;
    const quarantineTable = stack.tableName('Quarantine');
    const entries = await listQuarantined(dynamoDb, quarantineTable);
    const hiddenSeconds = HIDDEN_SECONDS[what === undefined ? 'show' : 'putBack'];
    const messages =
      stack.failureQueueUrl === undefined
        ? []
        : await receiveMessages(sqs, stack.failureQueueUrl, { max: MESSAGES_MAX, hiddenSeconds });
    const hidden = new Set(messages);
    // Messages that are still there must be visible again, however this ends.
    const release = async (some: readonly FailureMessage[]): Promise<void> => {
      if (stack.failureQueueUrl === undefined) return;
      await releaseMessages(sqs, stack.failureQueueUrl, some);
      for (const message of some) hidden.delete(message);
    };
    try {
      print(formatQuarantine(quarantineTable, entries, now()));
      print(formatMessages(stack.failureQueueUrl, messages, messages.length === MESSAGES_MAX));
      if (what === undefined) {
        if (entries.length + messages.length > 0) print(HINT);
        return true;
      }
      const found = { entries, messages };
      const wanted = what === 'all' ? found : ofReason(found, what.reason);
      await release(messages.filter((message) => !wanted.messages.includes(message)));
      const parts: RedriveParts = {
        ...{ kinesis, dynamoDb, streamName: stack.streamName, quarantineTable },
        pause: pauseOf(signal),
        onProgress(done) {
          signal.throwIfAborted();
          progress(`${count(done)} records put back`);
        },
      };
      const quarantined = await redriveQuarantined(wanted.entries, parts);
      const discarded = await redriveMessages(hidden, stack, parts);
      print(formatRedriven(quarantined, discarded, stack.streamName));
      return quarantined.refused.length + discarded.refused.length === 0;
    } finally {
      await release([...hidden]);
    }
  } finally {
    stack.close();
  }
}

const HINT =
  '\nNothing was put back. --all puts back everything, --reason REASON what has that reason.\n';

interface Found {
  readonly entries: readonly Quarantined[];
  readonly messages: readonly FailureMessage[];
}

function ofReason(found: Found, reason: string): Found {
  const entries = found.entries.filter((entry) => entry.reason === reason);
  const messages = found.messages.filter(({ batch }) => batch?.condition === reason);
  if (entries.length + messages.length > 0) return { entries, messages };
  throw new SimulatorError(
    'usage',
    `--reason: nothing has the reason ${JSON.stringify(reason)}; without --reason, redrive lists the reasons`,
  );
}

/** Removes from `hidden` what it deletes from the queue. */
async function redriveMessages(
  hidden: Set<FailureMessage>,
  stack: DeployedStack,
  parts: RedriveParts,
): Promise<Redriven> {
  const refused: string[] = [];
  let records = 0;
  for (const message of [...hidden]) {
    const { batch } = message;
    if (batch === undefined) {
      refused.push('a message that Lambda did not send about a Kinesis stream');
      continue;
    }
    const put = await redriveBatch(batch, parts);
    records += put.records;
    if (put.isWhole) {
      await deleteMessage(stack.sqs, stack.failureQueueUrl ?? '', message);
      hidden.delete(message);
    } else {
      refused.push(
        `${batch.shardId} from ${batch.first} to ${batch.last}: of ${plural(batch.records, 'record')} the stream ` +
          `still has ${count(put.records)}, which were put back; delete the message if the others can be lost`,
      );
    }
  }
  return { records, refused };
}

function formatRedriven(quarantined: Redriven, discarded: Redriven, stream: string): string {
  const refused = [...quarantined.refused, ...discarded.refused];
  const lines = [
    `\nput back onto ${stream}: ${plural(quarantined.records, 'record')} of the quarantine, ` +
      `${plural(discarded.records, 'record')} of discarded batches`,
    ...(quarantined.records > 0
      ? ['Records that are still malformed return to the quarantine, as new rows.']
      : []),
    ...refused.slice(0, REFUSED_SHOWN_MAX).map((line) => `not put back: ${printable(line)}`),
  ];
  const more = refused.length - REFUSED_SHOWN_MAX;
  return `${lines.join('\n')}\n${more > 0 ? `… and ${count(more)} more\n` : ''}`;
}
