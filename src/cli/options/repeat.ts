/** The command that repeats a run, to be pasted into a shell: made from the table of its options. */
import type { RunOptions } from '../../simulator/model/run-options.ts';
import { ENTITY_OPTIONS } from './history-options.ts';
import { flagOf, type Option } from './option.ts';
import { DEFAULTS, RUN_OPTIONS, resolveRun } from './run-options.ts';

type Value = string | number | boolean | Readonly<Record<string, number>> | undefined;

const TABLE: Readonly<Record<string, Option<unknown>>> = RUN_OPTIONS;

/** `npx simulate --seed ...` with what differs from the defaults. */
export function repeatCommand(options: RunOptions): string {
  const { seed, count, shuffle, workload } = options;
  // The defaults of others follow from these.
  const followed = resolveRun({ ...DEFAULTS, count, shuffle, workload }, seed);
  const own = { count: DEFAULTS.count, shuffle: DEFAULTS.shuffle, workload: undefined };
  const defaults = valuesOf({ ...followed, ...own });
  const values = valuesOf(options);
  const words = ['npx simulate', ...assignment('seed', seed)];
  for (const [key, option] of Object.entries(TABLE)) {
    const flag = flagOf(key);
    const hasEffect = option.worlds?.includes(options.world) ?? true;
    const isReplaced = Object.entries(TABLE).some(
      ([other, { excludes }]) => excludes?.includes(flag) && values[other] !== undefined,
    );
    if (key === 'seed' || !hasEffect || isReplaced) continue;
    words.push(...assignments(flag, values[key], defaults[key]));
  }
  return words.join(' ');
}

function valuesOf(options: RunOptions): Readonly<Record<string, Value>> {
  const { entities, faults, faultProfile, ...others } = options;
  return { ...others, entity: entities, fault: faults, faults: faultProfile.name };
}

/** None for a default; one for each fault and entity. */
function assignments(flag: string, value: Value, byDefault: Value): string[] {
  if (value === undefined || value === byDefault) return [];
  if (typeof value !== 'object') return assignment(flag, value);
  const defaults = typeof byDefault === 'object' ? byDefault : {};
  return Object.entries(value)
    .filter(([name, number]) => number !== defaults[name])
    .flatMap(([name, number]) => {
      const hasFlag = flag === 'entity' && Object.hasOwn(ENTITY_OPTIONS, name);
      return hasFlag ? assignment(name, number) : assignment(flag, `${name}=${number}`);
    });
}

function assignment(flag: string, value: string | number | boolean): string[] {
  if (value === true) return [`--${flag}`];
  if (value === false) return [`--no-${flag}`];
  const text = String(value);
  // After a space, a word with a dash would be taken for the next flag, unless it is a number.
  if (text.startsWith('-') && typeof value === 'string') return [`--${flag}=${shellQuoted(text)}`];
  return [`--${flag}`, shellQuoted(text)];
}

/** One word for any POSIX shell. */
export function shellQuoted(text: string): string {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text;
  return `'${text.replaceAll("'", "'\\''")}'`;
}
