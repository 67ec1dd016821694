/**
 * Plants a mutant: whoever imports the handler from now on, in this process, gets it with the
 * mutant in it. Once a module is loaded it stays as it is, so this comes first, and a process has
 * one mutant.
 */
import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { SimulatorError } from '../model/errors.ts';
import { type Mutant, mutate } from './mutant.ts';
import { MUTANTS } from './planted/planted.ts';

const PROJECT = new URL('../../../', import.meta.url);
const SOURCES = 'src/handler/';

/**
 * Throws a `SimulatorError` where the handler's sources, in which bugs are planted, are not there.
 */
export function requireSources(): void {
  if (existsSync(new URL(SOURCES, PROJECT))) return;
  throw new SimulatorError(
    'usage',
    'bugs are planted in the sources of the shipped handler, which the package lacks: run it in a clone of the project',
  );
}

/** `folder`: where its file is, from the project's. Answers whether it has been loaded. */
export function plant(
  mutant: Pick<Mutant, 'name' | 'file' | 'find' | 'replace'>,
  folder = SOURCES,
): () => boolean {
  const { href } = new URL(folder + mutant.file, PROJECT);
  let isLoaded = false;
  registerHooks({
    load(url, context, next) {
      const loaded = next(url, context);
      // A query asks for a module anew; it is the same file.
      if (url.split('?')[0] !== href) return loaded;
      isLoaded = true;
      return { ...loaded, source: mutate(String(loaded.source), mutant) };
    },
  });
  return () => isLoaded;
}

/** Throws a `SimulatorError` in one line where there is none of that name. */
export function plantByName(name: string): () => boolean {
  requireSources();
  return plant(mutantOf(name));
}

export function mutantOf(name: string): Mutant {
  const mutant = MUTANTS.find((each) => each.name === name);
  if (mutant !== undefined) return mutant;
  const names = MUTANTS.map((each) => each.name).join(', ');
  throw new SimulatorError('usage', `there is no mutant ${JSON.stringify(name)}, only ${names}`);
}
