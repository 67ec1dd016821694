/** `simulate redrive`: shows what was put aside, and puts it back. */
import process from 'node:process';
import {
  deleteMessage,
  type FailureMessage,
  receiveMessages,
  releaseMessages,
} from '../ops/redrive/failure-queue.ts';
import { formatMessages, formatQuarantine } from '../ops/redrive/format.ts';
import { listQuarantined, type Quarantined } from '../ops/redrive/quarantine.ts';
import {
  type Redriven,
  type RedriveParts,
  redriveBatch,
  redriveQuarantined,
} from '../ops/redrive/redrive.ts';
import { type DeployedStack, openStack } from '../ops/stack/open-stack.ts';
import { SimulatorError } from '../simulator/model/errors.ts';
import { count, plural, printable } from '../simulator/report/text.ts';
import { EXIT_OF_VERDICT } from './exit.ts';
import { pauseOf } from './pause.ts';
import type { RedriveOptions } from './redrive-options.ts';
import type { WorkContext } from './subcommand.ts';
import { quoted } from './values.ts';

/** More are for another call. */
const MESSAGES_MAX = 1_000;
/** Nobody else takes them up meanwhile; shown ones are released right after. */
const HIDDEN_SECONDS = { show: 30, putBack: 900 };
const REFUSED_SHOWN_MAX = 20;

export async function redriveCommand(
  { stage, what }: RedriveOptions,
  context: WorkContext,
): Promise<number> {
  const { print } = context;
  const stack = await openStack(stage, process.env);
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
    // Whoever looks next is to see what is still there, however this ends.
    const letGo = async (some: readonly FailureMessage[]): Promise<void> => {
      if (stack.failureQueueUrl === undefined) return;
      await releaseMessages(sqs, stack.failureQueueUrl, some);
      for (const message of some) hidden.delete(message);
    };
    try {
      print(formatQuarantine(quarantineTable, entries, Date.now()));
      print(formatMessages(stack.failureQueueUrl, messages, messages.length === MESSAGES_MAX));
      if (what === undefined) {
        if (entries.length + messages.length > 0) print(HINT);
        return EXIT_OF_VERDICT.converged;
      }
      const found = { entries, messages };
      const wanted = what === 'all' ? found : ofReason(found, what.reason);
      await letGo(messages.filter((message) => !wanted.messages.includes(message)));
      const parts: RedriveParts = {
        ...{ kinesis, dynamoDb, streamName: stack.streamName, quarantineTable },
        pause: pauseOf(context.signal),
        onProgress(done) {
          context.signal.throwIfAborted();
          context.progress(`${count(done)} records put back`);
        },
      };
      const quarantined = await redriveQuarantined(wanted.entries, parts);
      const discarded = await redriveMessages(hidden, stack, parts);
      print(formatRedriven(quarantined, discarded, stack.streamName));
      const isWhole = quarantined.refused.length + discarded.refused.length === 0;
      return EXIT_OF_VERDICT[isWhole ? 'converged' : 'unknown'];
    } finally {
      await letGo([...hidden]);
    }
  } finally {
    stack.close();
  }
}

const HINT =
  '\nNothing was put back. --all puts back all of it, --reason REASON what was put aside for that reason.\n';

/** What was put aside. */
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
    `--reason: nothing was put aside for ${quoted(reason)}; without --reason, redrive lists the reasons`,
  );
}

/** Takes out of `hidden` what is deleted from the queue. */
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
      refused.push('a message that is not of Lambda about a Kinesis stream');
      continue;
    }
    const put = await redriveBatch(batch, parts);
    records += put.records;
    if (put.isWhole) {
      await deleteMessage(stack.sqs, stack.failureQueueUrl ?? '', message);
      hidden.delete(message);
    } else {
      refused.push(
        `${batch.shardId} from ${batch.first} to ${batch.last}: of ${plural(batch.records, 'record')} the ` +
          `stream keeps ${count(put.records)} by now, which were put back; delete the message once the others are given up`,
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
      ? ['What is still malformed comes back to the quarantine, as a new row.']
      : []),
    ...refused.slice(0, REFUSED_SHOWN_MAX).map((line) => `not put back: ${printable(line)}`),
  ];
  const more = refused.length - REFUSED_SHOWN_MAX;
  return `${lines.join('\n')}\n${more > 0 ? `… and ${count(more)} more\n` : ''}`;
}
