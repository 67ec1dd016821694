/** How commands are described: the parts of the help that yargs prints, and the reference in docs/reference/cli.md. */
import type { Command, Program } from './command.ts';
import { EXIT_OF_FAILURE, EXIT_OF_SIGNAL } from './exit-status.ts';
import { flagOf, type OptionTable } from './options/option.ts';

export interface DescribedOption {
  readonly flag: string;
  readonly describe: string;
  readonly byDefault: string;
}

/** The options by heading, in the order of the table. A world that is the only one with an effect is named. */
export function headed(table: OptionTable): ReadonlyMap<string, readonly DescribedOption[]> {
  const onlyWorld = (worlds: readonly string[] | undefined): string =>
    'world' in table && worlds?.length === 1 ? ` (--world ${worlds[0]})` : '';
  const groups = Map.groupBy(Object.entries(table), ([, { group }]) => group ?? 'Options');
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

/** The meaning of every exit status of a command, by status. */
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

/** All that there is to say of a command line, in Markdown. */
export function formatReference(program: Program): string {
  return [INTRODUCTION, ...program.commands.map((command) => section(command, program))].join('\n');
}

function section(command: Command, { typed, common }: Program): string {
  const { name, description, args = [], examples } = command;
  const tables = [...headed({ ...command.options, ...common })].map(([heading, options]) => {
    const rows = options.map(({ flag, describe, byDefault }) => {
      return `| \`--${flag}\` | ${byDefault} | ${cell(describe)} |\n`;
    });
    return `\n| ${heading} | default | |\n|---|---|---|\n${rows.join('')}`;
  });
  const words = args.map(({ name, describe, byDefault = 'required' }) => {
    return `| \`${name.toUpperCase()}\` | ${byDefault} | ${cell(describe)} |\n`;
  });
  const lines = examples.map(
    ([example, effect]) => `${`${typed} ${example}`.trim()}  # ${effect}\n`,
  );
  const statuses = exitsOf(command).map(([status, meaning]) => `| ${status} | ${meaning} |\n`);
  return `## ${name ?? typed}

\`${typed} ${usageOf(command)}\`

${description}
${words.length === 0 ? '' : `\n| Argument | default | |\n|---|---|---|\n${words.join('')}`}${tables.join('')}
\`\`\`sh
${lines.join('')}\`\`\`

| Exit status | |
|---|---|
${statuses.join('')}`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

const INTRODUCTION = `# Command line

<!-- Written by \`npm run docs\` from the option tables in src/cli. Change those. -->

An option is written \`--name value\` or \`--name=value\`; one without a value is turned off by \`--no-name\`. A mistake is one
line on stderr, which names the option, and exit status 64.

## Configuration file

\`simulate.config.ts\` (or \`.mts\`, \`.mjs\`, \`.js\`, \`.json\`) in the current folder holds options that would otherwise be typed
each time; \`--no-config\` ignores it. It exports an object by default, of the type \`SimulateConfig\`: options in camel case,
with relative paths from the file's folder. Options that may be repeated take a list, or an object such as
\`{ throttled: 0.05 }\`.

\`\`\`ts
import type { SimulateConfig } from 'winner-view';

export default {
  handler: './handler.ts',
  shuffle: true,
  fault: { throttled: 0.05 },
  explore: { time: '10m' },
} satisfies SimulateConfig;
\`\`\`

- Entries are options of a run. Other commands take \`workload\`, \`handler\`, \`invariants\`, \`faults\`, \`seed\` and \`out\` of them, as
  far as they have these options.
- An entry with the name of a command holds options of that command, which win over shared ones.
- The command line wins over both, also with an option that can't be combined with one of the file.
- An option that has no effect in the chosen world is left out, and the first lines of the run name it. On the command
  line it is an error.
`;
