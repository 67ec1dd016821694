/** `simulate replay`: its flags, and from given words to what is wanted. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { SimulatorError } from '../simulator/model/errors.ts';
import { fixed, unset } from './flag.ts';
import type { Given, Subcommand } from './subcommand.ts';
import { describeFlags, takeFlags, toggle } from './subcommand-flags.ts';
import type { Words } from './take.ts';
import { choice, text } from './values.ts';

export interface ReplayOptions {
  /** Absolute. */
  readonly file: string;
  readonly trace: boolean;
  readonly world: 'memory' | 'local';
  /** The bug that is in the handler, by its name; undefined: the one in the file, if any; false: none. */
  readonly mutant: string | false | undefined;
}

const FLAGS = {
  trace: toggle('Each request, and what it stored, as well'),
  world: {
    describe: 'memory, or local: its pushes and deliveries against real servers',
    read: choice(['memory', 'local']),
    ...fixed('memory'),
  },
  mutant: {
    describe:
      'The handler with a planted bug, by the name that `mutants` has for it; --no-mutant for none',
    read: textOrNone,
    ...unset('the one in the file, if any'),
  },
};

export const replay: Subcommand = {
  usage: 'replay <file>',
  describe: 'Repeat a run that failed',
  flags: (parser) =>
    describeFlags(parser, FLAGS)
      .positional('file', { describe: 'A counterexample that `explore` saved', type: 'string' })
      .usage('$0 replay FILE [flags]\n\nRepeats the run of a counterexample, step by step.')
      .example([
        ['$0 replay runs/latest/counterexample.json', 'does it still fail?'],
        ['$0 replay runs/latest/counterexample.json --trace', 'why?'],
        ['$0 replay runs/latest/counterexample.json --world local', 'on real servers too?'],
      ])
      .epilogue('Exit status: 2 it still fails, 0 it does not, 3 unknown, 64 wrong usage.'),
  read(given, words) {
    const options = read(given, words);
    return async (context) => {
      const text = readText(options.file);
      const { kind, ...labels } = (await import('../simulator/search/document.ts')).labelsOf(text);
      const mutant = options.mutant === false ? undefined : (options.mutant ?? labels.mutant);
      if (mutant !== undefined && options.world === 'local') {
        throw new SimulatorError(
          'usage',
          `${options.file} fails with the planted bug ${mutant}, and workers have the shipped handler: ` +
            'add --no-mutant, or leave out --world local',
        );
      }
      // Before anything loads the handler.
      if (mutant !== undefined) {
        (await import('../simulator/mutation/plant.ts')).plantByName(mutant);
      }
      const { replayCommand, replaySchedule } = await import('./replay.ts');
      const replayed = kind === 'schedule' ? replaySchedule : replayCommand;
      return replayed(text, { ...options, mutant }, context);
    };
  },
};

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new SimulatorError('usage', `${file} can't be read: ${(error as Error).message}`);
  }
}

function textOrNone(...[flag, given, folder]: Parameters<typeof text>): string | false {
  return given === false ? given : text(flag, given, folder);
}

function read(given: Given, words: Words): ReplayOptions {
  const options = takeFlags(FLAGS, given, words, ['file']);
  if (options.mutant && options.world === 'local') {
    throw new SimulatorError(
      'usage',
      '--mutant goes with --world memory: workers have the shipped handler',
    );
  }
  return { file: path.resolve(words.cwd, String(given['file'] ?? '')), ...options };
}
