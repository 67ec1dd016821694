/**
 * From the words of a command line to a command and its values: nothing here prints or exits. yargs splits the
 * words and writes the help; the readers of a command's table decide what a value may be.
 */
import yargs, { type Argv } from 'yargs';
import { type OptionPlace, SimulatorError } from '../simulator/model/errors.ts';
import type { Argument, Command, Program, Words } from './command.ts';
import { type Config, configLayers } from './config.ts';
import { EXIT_OF_FAILURE, EXIT_OF_SIGNAL } from './exit-status.ts';
import { flagOf, type Option, type OptionTable, type World } from './options/option.ts';
import { type Layer, layered, readValues, type WrittenValues } from './options/read-values.ts';
import { quoted } from './options/values.ts';
import { suggestion } from './suggest.ts';

export type CommandLine =
  | { readonly kind: 'command'; readonly command: Command; readonly parsed: unknown }
  | { readonly kind: 'usage'; readonly message: string; readonly option: OptionPlace | undefined }
  | { readonly kind: 'help' | 'version'; readonly text: string };

export interface ParseContext {
  readonly cwd: string;
  readonly version: string;
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
  context: ParseContext,
): Promise<CommandLine> {
  const { cwd, drawSeed } = context;
  let chosen: Chosen | undefined;
  const parser = createParser(program, context.version);
  for (const command of program.commands) {
    const usage = [command.name ?? '$0', ...(command.args ?? []).map(({ name }) => `[${name}]`)];
    parser.command(
      usage.join(' '),
      command.summary,
      (builder) => describe(builder, command, program),
      (found) => {
        chosen = { command, found };
      },
    );
  }
  let output = '';
  const found = await parser.parseAsync([...argv], {}, (_error, _found, text) => {
    output = text;
  });
  if (chosen === undefined) {
    const kind = found['help'] === true ? 'help' : 'version';
    return { kind, text: `${output.trimEnd()}\n` };
  }
  const { command } = chosen;
  refuseUnknown(chosen, argv, program);
  const args = argsOf(chosen, program);
  const typed = typedLayer(chosen, cwd);
  const config =
    typed.get('config')?.written[0] === false ? undefined : await context.findConfig?.(cwd);
  const layers = [typed, ...(config === undefined ? [] : configLayers(config, program, command))];
  const { values, idle } = layered({ ...command.options, ...program.common }, layers);
  const words: Words = {
    cwd,
    drawSeed,
    args,
    config: config && { file: config.file, idle },
    place: (flag) =>
      values.get(flag)?.place ?? { flag, configFile: undefined, folder: cwd },
  };
  readValues(program.common, values, cwd);
  const parsed = command.read(readValues(command.options, values, cwd), words);
  return { kind: 'command', command, parsed };
}

interface Chosen {
  readonly command: Command;
  /** As yargs has it: flags, arguments, and stray words in `_`. */
  readonly found: Readonly<Record<string, unknown>>;
}

function createParser({ name }: Program, version: string): Argv {
  return yargs()
    .scriptName(name)
