/** The command that repeats a run, to be pasted into a shell. */

import { RUN_DEFAULTS, type RunOptions } from '../simulator/model/run-options.ts';
import { defaultOptions, FLAG_KEYS, FLAGS, OF_AWS_ALONE, type WorkloadDefaults } from './flags.ts';
import { ENTITY_FLAGS } from './flags-of-history.ts';

/**
 * `npx simulate --seed ...` with what differs from the defaults. Without the workload's defaults
 * the numbers of its entities are always named.
 */
export function repeatCommand(options: RunOptions, workloadDefaults?: WorkloadDefaults): string {
  const defaults = defaultOptions(options, workloadDefaults ?? (() => ({})));
  const words = ['npx simulate', ...assignment('seed', options.seed)];
  for (const key of FLAG_KEYS) {
    const value = options[key];
    if (value === undefined || value === defaultOf(key, defaults)) continue;
    if (options.world !== 'aws' && OF_AWS_ALONE.includes(key)) continue;
    // A server that was used and one to start exclude each other.
    if (key === 'kinesisServer' && options.kinesisEndpoint !== undefined) continue;
    if (key === 'dynamodbServer' && options.dynamodbEndpoint !== undefined) continue;
    if (key === 'faultProfile') {
      const { name } = options.faultProfile;
      if (name !== defaults.faultProfile.name) words.push(...assignment(FLAGS[key].name, name));
    } else if (key === 'entities') {
      for (const [name, number] of Object.entries(options.entities)) {
        if (options.workload === undefined && number === defaults.entities[name]) continue;
        if (ENTITY_FLAGS.includes(name)) words.push(...assignment(name, number));
        else words.push(...assignment(FLAGS[key].name, `${name}=${number}`));
      }
    } else if (typeof value === 'object') {
      const flag = FLAGS[key].name;
      for (const [name, ratio] of Object.entries(value)) {
        words.push(...assignment(flag, `${name}=${ratio}`));
      }
    } else if (key !== 'seed') words.push(...assignment(FLAGS[key].name, value));
  }
  return words.join(' ');
}

/** The other defaults follow from these two. */
function defaultOf(key: keyof RunOptions, defaults: RunOptions): RunOptions[keyof RunOptions] {
  return key === 'count' || key === 'shuffle' ? RUN_DEFAULTS[key] : defaults[key];
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
