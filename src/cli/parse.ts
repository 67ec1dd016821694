/**
 * From argv to a command and its values: nothing here prints or exits. yargs splits argv and formats the help; the
 * readers of a command's table decide what a value may be.
 */
import yargs, { type Argv } from 'yargs';
import { type OptionPlace, SimulatorError } from '../simulator/model/errors.ts';
import type { Command, Program } from './command.ts';
import { type Config, configLayers } from './config.ts';
import { exitsOf, headed, usageOf } from './help.ts';
import { flagOf } from './options/option.ts';
import { combine, readValues, type WrittenValues } from './options/read-values.ts';
import { shellQuoted } from './options/run-options.ts';
import { quoted } from './options/values.ts';
import { suggestion } from './suggest.ts';

export type CommandLine =
  | { readonly kind: 'command'; readonly command: Command; readonly parsed: unknown }
  | { readonly kind: 'usage'; readonly message: string; readonly option: OptionPlace | undefined }
  | { readonly kind: 'help' | 'version'; readonly text: string };

export interface ParseContext {
  readonly cwd: string;
  readonly version: string;
  /** A seed for a command line without one. */
  drawSeed(): string;
  /** The configuration of a folder, if it has one. */
  findConfig?(folder: string): Promise<Config | undefined>;
}

export async function parseCommandLine(
  argv: readonly string[],
  program: Program,
  context: ParseContext,
): Promise<CommandLine> {
  try {
    return await parse(argv, program, context);
  } catch (error) {
    if (!(error instanceof SimulatorError)) throw error;
    return { kind: 'usage', message: error.message, option: error.option };
  }
}

async function parse(
  argv: readonly string[],
  program: Program,
  { cwd, version, drawSeed, findConfig }: ParseContext,
): Promise<CommandLine> {
  const split = await splitArgv(argv, program, version);
  if (split.kind !== 'split') return split;
  const { command } = split;
  const table = { ...command.options, ...program.common };
  const flags = Object.keys(table).map(flagOf);
  refuseUnknown(split, argv, flags, program);
  const typed = typedValues(split, flags, cwd);
  const hasOptions = Object.keys(command.options).length > 0;
  const isWanted = hasOptions && typed.get('config')?.written[0] !== false;
  const config = isWanted ? await findConfig?.(cwd) : undefined;
  const layers = [typed, ...(config ? configLayers(config, program, command) : [])];
  const { values, ignored } = combine(table, layers, cwd);
  readValues(program.common, values, cwd);
  const parsed = command.read(readValues(command.options, values, cwd), {
    typed: commandOf(argv, program),
    cwd,
    drawSeed,
    args: argsOf(split),
    config: config && { file: config.file, ignored },
    place: (flag) => values.get(flag)?.place ?? { flag, configFile: undefined, folder: cwd },
  });
  return { kind: 'command', command, parsed };
}

/** The whole command line, quoted for a shell. */
export function commandOf(argv: readonly string[], { typed }: Program): string {
  return [typed, ...argv.map(shellQuoted)].join(' ');
}

interface Split {
  readonly kind: 'split';
  readonly command: Command;
  /** As yargs has them: flags and arguments by name, others in `_`. */
  readonly found: Readonly<Record<string, unknown>>;
}

async function splitArgv(
  argv: readonly string[],
  program: Program,
  version: string,
): Promise<Split | Extract<CommandLine, { readonly text: string }>> {
  let split: Split | undefined;
  const parser = createParser(program, version, argv);
  for (const command of program.commands) {
    const { name = '$0', args = [] } = command;
    const words = args.map((arg) =>
      arg.byDefault === undefined ? `<${arg.name}>` : `[${arg.name}]`,
    );
    parser.command(
      [name, ...words].join(' '),
      command.summary,
      (builder) => describe(builder, command, program),
      (found) => {
        split = { kind: 'split', command, found };
      },
    );
  }
  let text = '';
  const found = await parser.parseAsync([...argv], {}, (_error, _found, output) => {
    text = `${output.trimEnd()}\n`;
  });
  return split ?? { kind: found['help'] === true ? 'help' : 'version', text };
}

/** It neither prints nor exits, and leaves values to us. */
function createParser(program: Program, version: string, argv: readonly string[]): Argv {
  const main = program.commands.find(({ name }) => name === undefined);
  return yargs()
    .scriptName(program.typed.replace(/^npx /, ''))
    .usage(main === undefined ? '' : helpTitle(main))
    .locale('en')
    .exitProcess(false)
    .fail((_message, error) => {
      throw error ?? lackingArgument(argv, program);
    })
    .parserConfiguration({
      'camel-case-expansion': false,
      'dot-notation': false,
      // A seed of 007 is a text, and our readers check numbers.
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'short-option-groups': false,
    })
    .version(version)
    .help()
    .wrap(100);
}

function helpTitle(command: Command): string {
  return `$0 ${usageOf(command)}\n\n${command.description}`;
}

/** The one thing that yargs itself finds wrong. */
function lackingArgument(argv: readonly string[], { commands, typed }: Program): SimulatorError {
  const first = argv.find((each) => !each.startsWith('-'));
  const command = commands.find(({ name }) => name !== undefined && name === first);
  const right = command === undefined ? '--help' : usageOf(command);
  return new SimulatorError('usage', `an argument is missing: ${typed} ${right}`);
}

function describe(parser: Argv, command: Command, program: Program): Argv {
  for (const { name, describe, byDefault } of command.args ?? []) {
    const isRequired = byDefault === undefined;
    parser.positional(name, { describe, ...(isRequired ? {} : { defaultDescription: byDefault }) });
  }
  for (const [heading, options] of headed({ ...command.options, ...program.common })) {
    for (const { flag, describe, byDefault: defaultDescription } of options) {
      parser.option(flag, { describe, defaultDescription, group: `${heading}:` });
    }
  }
  const exits = exitsOf(command).map(([status, meaning]) => `\n${status.padStart(5)} ${meaning}`);
  // That of the unnamed command is the usage of the whole.
  if (command.name !== undefined) parser.usage(helpTitle(command));
  return parser
    .example(command.examples.map(([typed, effect]) => [`$0 ${typed}`.trim(), effect]))
    .epilogue(`Exit status:${exits.join('')}`);
}

const OF_YARGS = ['help', 'version'];

function refuseUnknown(
  { command, found }: Split,
  argv: readonly string[],
  flags: readonly string[],
  program: Program,
): void {
  const known = [...flags, ...OF_YARGS];
  const args = (command.args ?? []).map(({ name }) => name);
  const hintOf = (typed: string): string => {
    const nearest = suggestion(typed.replace(/^no-/, ''), known) ?? suggestion(typed, known);
    return nearest === undefined ? 'see --help' : `did you mean --${nearest}?`;
  };
  for (const name of Object.keys(found)) {
    if (['_', '$0', ...known, ...args].includes(name)) continue;
    // As it was typed: with one dash or two, or with `no-`.
    const word = argv.find((each) => /^--?(?:no-)?([^=]*)/.exec(each)?.[1] === name);
    const shown = quoted(word?.split('=')[0] ?? `--${name}`).slice(1, -1);
    throw new SimulatorError('usage', `unknown flag ${shown}; ${hintOf(name)}`);
  }
  const words = Array.isArray(found['_']) ? found['_'].map(String) : [];
  const [extra] = words.slice(command.name === undefined ? 0 : 1);
  if (extra === undefined) return;
  const names = program.commands.flatMap(({ name }) => name ?? []);
  const nearest = suggestion(extra, [...names, ...known]);
  if (command.name === undefined && nearest !== undefined && names.includes(nearest)) {
    const text = `unknown command ${quoted(extra)}; did you mean ${nearest}?`;
    throw new SimulatorError('usage', text);
  }
  throw new SimulatorError('usage', `unknown argument ${quoted(extra)}; ${hintOf(extra)}`);
}

function typedValues({ found }: Split, flags: readonly string[], folder: string): WrittenValues {
  return new Map(
    flags
      .filter((flag) => found[flag] !== undefined)
      .map((flag) => {
        const place = { flag, configFile: undefined, folder };
        const words: readonly unknown[] = [found[flag]].flat();
        const written = words.map((word) => (typeof word === 'boolean' ? word : String(word)));
        return [flag, { written, place }];
      }),
  );
}

function argsOf({ command, found }: Split): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    (command.args ?? []).map(({ name }) => {
      const word = found[name];
      return [name, word === undefined ? undefined : String(word)];
    }),
  );
}
