/** `simulate redrive`: shows what was put aside, and puts it back. */
import process from 'node:process';
import { SimulatorError } from '../errors.ts';
import {
  deleteMessage,
  type FailureMessage,
  receiveMessages,
  releaseMessages,
} from '../redrive/failure-queue.ts';
import { listQuarantined, type Quarantined } from '../redrive/quarantine.ts';
import {
  type Redriven,
  type RedriveParts,
  redriveBatch,
  redriveQuarantined,
} from '../redrive/redrive.ts';
import { formatMessages, formatQuarantine } from '../redrive/summary.ts';
import { count, plural, printable } from '../report/text.ts';
import { createClients, type StackClients } from '../stack/clients.ts';
import { findStack, type StackOutputs } from '../stack/outputs.ts';
import { EXIT_OF_VERDICT } from './exit.ts';
import { pauseOf } from './pause.ts';
import type { RedriveOptions } from './redrive-options.ts';
import type { WorkContext } from './subcommand.ts';

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
  const clients = createClients(process.env);
  try {
    const { cloudFormation, dynamoDb, sqs } = clients;
    const tables = [{ name: 'Quarantine' }];
    const stack = await findStack({ stage, tables, cloudFormation, environment: process.env });
    const quarantineTable = stack.tables.get('Quarantine') ?? '';
    const entries = await listQuarantined(dynamoDb, quarantineTable);
    const hiddenSeconds = what === 'all' ? HIDDEN_SECONDS.putBack : HIDDEN_SECONDS.show;
    const messages =
      stack.failureQueueUrl === undefined
        ? []
        : await receiveMessages(sqs, stack.failureQueueUrl, { most: MESSAGES_MAX, hiddenSeconds });
    const hidden = new Set(messages);
    // Whoever looks next is to see what is still there, however this ends.
    const letGo = async (): Promise<void> => {
      if (stack.failureQueueUrl === undefined || hidden.size === 0) return;
      await releaseMessages(sqs, stack.failureQueueUrl, [...hidden]);
      hidden.clear();
    };
    try {
      print(formatQuarantine(quarantineTable, entries, Date.now()));
      print(formatMessages(stack.failureQueueUrl, messages, messages.length === MESSAGES_MAX));
      if (what !== 'all') await letGo();
      if (what === undefined) {
        if (entries.length + messages.length > 0) print(HINT);
        return EXIT_OF_VERDICT.converged;
      }
      const parts: RedriveParts = {
        ...{ kinesis: clients.kinesis, dynamoDb, streamName: stack.streamName, quarantineTable },
        pause: pauseOf(context.signal),
        onProgress(done) {
          context.signal.throwIfAborted();
          context.progress(`${count(done)} records put back`);
        },
      };
      const wanted = what === 'all' ? entries : ofReason(entries, what.reason);
      const quarantined = await redriveQuarantined(wanted, parts);
      const discarded =
        what === 'all' ? await redriveMessages(hidden, clients, stack, parts) : NOTHING;
      print(formatRedriven(quarantined, discarded, stack.streamName));
      const isWhole = quarantined.refused.length + discarded.refused.length === 0;
      return EXIT_OF_VERDICT[isWhole ? 'converged' : 'unknown'];
    } finally {
      await letGo();
    }
  } finally {
    clients.destroy();
  }
}

const HINT =
  '\nNothing was put back. --all puts back all of it, --reason REASON what is quarantined for that reason.\n';
const NOTHING: Redriven = { records: 0, refused: [] };

function ofReason(entries: readonly Quarantined[], reason: string): readonly Quarantined[] {
  const found = entries.filter((entry) => entry.reason === reason);
  if (found.length > 0) return found;
  throw new SimulatorError(
    'usage',
    `--reason: nothing is quarantined for ${JSON.stringify(reason)}`,
  );
}

/** Takes out of `hidden` what is deleted from the queue. */
async function redriveMessages(
  hidden: Set<FailureMessage>,
  clients: StackClients,
  stack: StackOutputs,
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
      await deleteMessage(clients.sqs, stack.failureQueueUrl ?? '', message);
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
