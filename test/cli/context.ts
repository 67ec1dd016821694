/** What the parser needs of the world, in tests. */
import type { ParseContext } from '../../src/cli/options.ts';
import { parseCommandLine } from '../../src/cli/options.ts';
import type { RunOptions } from '../../src/simulator/model/run-options.ts';

export const context: ParseContext = {
  cwd: new URL('.', import.meta.url).pathname,
  version: '1.2.3',
  workloadDefaults: (count) => ({ products: count / 50, users: count / 100 }),
  drawSeed: () => 'drawn',
};

/** The options that these words stand for, or the complaint about them. */
export async function parsed(...argv: string[]): Promise<RunOptions | string> {
  const commandLine = await parseCommandLine(argv, context);
  if (commandLine.kind === 'usage') return commandLine.message;
  if (commandLine.kind === 'run') return commandLine.options;
  throw new Error(`${argv.join(' ')} asks for ${commandLine.kind}`);
}
