/**
 * Plants a mutant: later imports of the handler in this process contain it. Modules that are loaded
 * already stay unchanged, so it must be planted first, and a process has one mutant.
 */
import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { SimulatorError } from '../model/errors.ts';
import { type Mutant, mutate } from './mutant.ts';
import { MUTANTS } from './planted/planted.ts';

const PROJECT = new URL('../../../', import.meta.url);
const SOURCES = 'src/handler/';

/** Throws a `SimulatorError` without the sources of the handler. */
export function requireSources(): void {
  if (existsSync(new URL(SOURCES, PROJECT))) return;
  throw new SimulatorError(
    'usage',
    'mutants are planted in the sources of the shipped handler, which the package lacks: run this in a clone of the project',
  );
}

/** `folder`: of its file, in the project. The returned function tells whether it was loaded. */
export function plant(
  mutant: Pick<Mutant, 'name' | 'file' | 'find' | 'replace'>,
  folder = SOURCES,
): () => boolean {
  const { href } = new URL(folder + mutant.file, PROJECT);
  let isLoaded = false;
  registerHooks({
    load(url, context, next) {
      const loaded = next(url, context);
      // With a query it is another module of the same file.
      if (url.split('?')[0] !== href) return loaded;
      isLoaded = true;
      return { ...loaded, source: mutate(String(loaded.source), mutant) };
    },
  });
  return () => isLoaded;
}

/** Throws a `SimulatorError` if there is none of that name. */
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
