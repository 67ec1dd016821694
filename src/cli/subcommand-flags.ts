/** The flags of a subcommand: the help, and the values, from the same entries. */
import type { Argv } from 'yargs';
import { SimulatorError } from '../simulator/model/errors.ts';
import { type Flag, fixed, unset } from './flag.ts';
import type { Given } from './subcommand.ts';
import { described, refuse, taker, type Words } from './take.ts';
import { folder, onOff, stageName, type Given as Typed, whole } from './values.ts';

/** By the name that is typed after `--`. */
export type SubcommandFlags = Readonly<Record<string, Flag<unknown>>>;

export type Taken<Flags extends SubcommandFlags> = {
  readonly [Name in keyof Flags]:
    | ReturnType<Flags[Name]['read']>
    | (Flags[Name]['fallback'] extends Typed ? never : undefined);
};

export function describeFlags(parser: Argv, flags: SubcommandFlags): Argv {
  const entries = Object.entries(flags);
  return described(
    parser,
    Object.fromEntries(entries.map(([name, flag]) => [name, [flag.describe, flag.byDefault]])),
  );
}

/** Refuses whatever else was given, but for the `positionals`. */
export function takeFlags<Flags extends SubcommandFlags>(
  flags: Flags,
  given: Given,
  { cwd }: Words,
  positionals: readonly string[] = [],
): Taken<Flags> {
  refuse(given, [...Object.keys(flags), ...positionals], 1);
  const take = taker(given, cwd);
  const taken = Object.entries(flags).map(([name, { fallback, read }]) => {
    const other = fallback === undefined ? undefined : read(name, fallback, cwd);
    return [name, take(name, read, other)];
  });
  // Each was read by its flag, to a value of its type.
  return Object.fromEntries(taken) as Taken<Flags>;
}

export function toggle(describe: string) {
  return { describe, read: onOff, ...fixed(false) };
}

/** What a search has, whichever. */
export const SEARCH_FLAGS = {
  jobs: { describe: 'Processes at once', read: whole(1, 64, 2), ...fixed('2') },
  out: {
    describe: 'Folder in which a folder is left with what was found; --no-out for none',
    read: folder,
    ...fixed('runs'),
  },
};

export function stageFlag(describe: string) {
  return { describe, read: stageName, ...unset() };
}

/** For a command that is about nothing else. */
export function stageOf(stage: string | undefined, command: string): string {
  if (stage !== undefined) return stage;
  throw new SimulatorError(
    'usage',
    `${command} takes the stage of a stack: simulate ${command} --stage dev`,
  );
}
