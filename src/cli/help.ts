/** How commands are described: the same words for the help of yargs and for the reference. */
import type { Command } from './command.ts';
import { EXIT_OF_FAILURE, EXIT_OF_SIGNAL } from './exit-status.ts';
import { flagOf, type OptionTable } from './options/option.ts';

export interface DescribedOption {
  readonly flag: string;
  readonly describe: string;
  readonly byDefault: string;
}

/** The options under their headings, in the order of the table. Both name the only world in which they have an effect. */
export function headed(table: OptionTable): ReadonlyMap<string, readonly DescribedOption[]> {
  const groups = Map.groupBy(Object.entries(table), ([, { group }]) => group ?? 'Options');
  const onlyWorld = (worlds: readonly string[] | undefined): string =>
    'world' in table && worlds?.length === 1 ? ` (--world ${worlds[0]})` : '';
  return new Map(
    [...groups].map(([group, entries]) => {
      const worlds = new Set(entries.map(([, option]) => onlyWorld(option.worlds)));
      const [common] = worlds.size === 1 ? worlds : [''];
      const options = entries.map(([key, option]) => ({
        flag: flagOf(key),
        describe: `${option.describe}${common === '' ? onlyWorld(option.worlds) : ''}`,
        byDefault: option.byDefault,
      }));
      return [`${group}${common}`, options];
    }),
  );
}

/** Its name and what follows it, such as `replay FILE [options]`. */
export function usageOf({ name, args = [] }: Command): string {
  const words = args.map(({ name, byDefault }) => {
    const word = name.toUpperCase();
    return byDefault === undefined ? word : `[${word}]`;
  });
  return [name, ...words, '[options]'].filter((word) => word !== undefined).join(' ');
}

/** What every exit status of a command says, by status. */
export function exitsOf({
  exits,
}: Command): readonly (readonly [status: string, meaning: string])[] {
  return Object.entries({
    [EXIT_OF_FAILURE.usage]: 'wrong usage',
    [EXIT_OF_FAILURE.bug]: 'a bug of the simulator',
    [EXIT_OF_SIGNAL.SIGINT]: 'Ctrl-C',
    ...exits,
  });
}
