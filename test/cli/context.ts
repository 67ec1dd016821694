/** What the parser needs of the world, in tests. */

import type { RunCommand } from '../../src/cli/commands/run.ts';
import { type CommandLine, type ParseContext, parseCommandLine } from '../../src/cli/parse.ts';
import { SIMULATE } from '../../src/cli/simulate.ts';
import type { RunOptions } from '../../src/simulator/model/run-options.ts';

export const context: ParseContext = {
  cwd: new URL('.', import.meta.url).pathname,
  version: '1.2.3',
  drawSeed: () => 'drawn',
};

export function parse(argv: readonly string[], more: Partial<ParseContext> = {}) {
  return parseCommandLine(argv, SIMULATE, { ...context, ...more });
}

/** The options that these words stand for, or the complaint about them. */
export async function parsed(...argv: string[]): Promise<RunOptions | string> {
  return optionsOf(await parse(argv));
}

export function optionsOf(commandLine: CommandLine): RunOptions | string {
  if (commandLine.kind === 'usage') return commandLine.message;
  if (commandLine.kind === 'command' && commandLine.command.name === undefined) {
    return (commandLine.parsed as RunCommand).options;
  }
  throw new Error(`no run: ${JSON.stringify(commandLine)}`);
}
