/** Schedules as versioned JSON, validated when it is read. */
import * as v from 'valibot';
import { SimulatorError } from '../../model/errors.ts';
import { parseDocument } from '../document.ts';
import type { Schedule } from './repeat.ts';

/** Incremented whenever a schedule of an older version would mean another one. */
const SCHEDULE_VERSION = 1;

export interface SavedSchedule extends Schedule {
  readonly workload: string;
}

/** `mutant`: the planted bug that the schedule needs in order to fail. */
export function formatSchedule(schedule: SavedSchedule, mutant?: string): string {
  const { workload, events, arrangement, choices } = schedule;
  const labels = { kind: 'schedule', version: SCHEDULE_VERSION, workload, mutant };
  const document = { ...labels, events, arrangement, choices };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

const index = v.pipe(v.number(), v.integer(), v.minValue(0));
const schema = v.strictObject({
  kind: v.literal('schedule'),
  version: v.literal(SCHEDULE_VERSION),
  workload: v.string(),
  mutant: v.optional(v.string()),
  events: v.array(v.looseObject({})),
  arrangement: v.array(v.pipe(v.array(index), v.minLength(1))),
  choices: v.array(
    v.strictObject({
      invocation: index,
      waiting: index,
      kind: v.picklist(['goes', 'dies after']),
      operation: v.string(),
    }),
  ),
});

/** Throws a `SimulatorError` in one line if the text is not a schedule of this version. */
export function parseSchedule(text: string, name: string): SavedSchedule {
  const { mutant: _, ...schedule } = parseDocument(text, name, {
    kind: 'schedule',
    version: SCHEDULE_VERSION,
    schema,
  });
  const arranged = new Set(schedule.arrangement.flat());
  const { length } = schedule.events;
  const wrong = [...arranged].find((event) => event >= length);
  if (wrong === undefined && arranged.size === length) return schedule;
  const problem =
    wrong === undefined
      ? 'the arrangement lacks an event'
      : `the arrangement has event ${wrong}, which does not exist`;
  throw new SimulatorError('usage', `${name}: ${problem}`);
}
