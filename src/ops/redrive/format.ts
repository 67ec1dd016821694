/** The quarantine and the failure queue as text for a terminal. Pure. */
import { count, plural, printable } from '../../simulator/report/text.ts';
import type { FailureMessage } from './failure-queue.ts';
import type { Quarantined } from './quarantine.ts';

/** By reason, the most frequent first; never with payload. */
export function formatQuarantine(
  table: string,
  entries: readonly Quarantined[],
  nowMs: number,
): string {
  const lines = byReason(entries, ({ reason }) => reason).map(([reason, those]) => {
    const ages = those.map(({ arrivedAt }) => nowMs - Date.parse(arrivedAt));
    const oldest = ages.reduce((left, right) => Math.max(left, right));
    const newest = ages.reduce((left, right) => Math.min(left, right));
    const cut = those.filter(({ isCut }) => isCut).length;
    return (
      `${reasonLine(those, reason)} (arrived ${age(oldest)} to ${age(newest)} ago` +
      `${cut === 0 ? '' : `; of ${count(cut)} only the first bytes are kept`})\n`
    );
  });
  return `quarantine ${table}: ${plural(entries.length, 'record')}\n${lines.join('')}`;
}

/** By reason, with each batch of it. `isMore`: there may be more than these. */
export function formatMessages(
  queueUrl: string | undefined,
  messages: readonly FailureMessage[],
  isMore: boolean,
): string {
  if (queueUrl === undefined) return 'failure queue: unknown without a stack\n';
  const recordsOf = (some: readonly FailureMessage[]): string =>
    plural(
      some.reduce((sum, { batch }) => sum + (batch?.records ?? 0), 0),
      'record',
    );
  const lines = byReason(messages, ({ batch }) => batch?.condition).map(([condition, those]) =>
    condition === undefined
      ? `${reasonLine(those, 'not of Lambda about a Kinesis stream')}\n`
      : `${reasonLine(those, condition)} (${recordsOf(those)})\n${those.map(batchLine).join('')}`,
  );
  return (
    `failure queue: ${plural(messages.length, 'message')}${isMore ? ' and more' : ''}, ` +
    `${recordsOf(messages)}\n${lines.join('')}`
  );
}

function byReason<Item, Reason>(
  items: readonly Item[],
  reasonOf: (item: Item) => Reason,
): [Reason, Item[]][] {
  const groups = [...Map.groupBy(items, reasonOf)];
  return groups.sort(([, left], [, right]) => right.length - left.length);
}

function reasonLine(those: readonly unknown[], reason: string): string {
  return `  ${count(those.length).padStart(8)}  ${printable(reason)}`;
}

function batchLine({ batch }: FailureMessage): string {
  if (batch === undefined) return '';
  const { shardId, first, last, records, invocations, arrivedFirst, arrivedLast } = batch;
  const after = invocations === undefined ? '' : ` after ${plural(invocations, 'invocation')}`;
  return `${' '.repeat(12)}${printable(
    `${shardId} ${plural(records, 'record')}${after}: ${first} to ${last}, ` +
      `arrived ${arrivedFirst} to ${arrivedLast}`,
  )}\n`;
}

const UNITS = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
] as const;

/** Such as `3 h`. */
function age(ms: number): string {
  if (!Number.isFinite(ms)) return 'at an unknown time';
  const [unitMs, unit] = UNITS.find(([each]) => ms >= each) ?? [1_000, 's'];
  return `${Math.max(0, Math.floor(ms / unitMs))} ${unit}`;
}
