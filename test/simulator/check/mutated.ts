/**
 * The checker's own tests, run by plain Node against checkers with a planted bug each: a module is loaded
 * anew for each, and what the tests import from Jest is this file's. Prints which tests failed, by mutant.
 */
import { registerHooks } from 'node:module';
import process from 'node:process';
import { mutate } from '../../../src/simulator/mutation/mutant.ts';
import { CHECKER_MUTANTS } from './checker-mutants.ts';

const TESTS = ['check.test.ts', 'invariants.test.ts', 'losses.test.ts'].map(
  (name) => new URL(name, import.meta.url),
);
const CHECK = new URL('../../../src/simulator/check/', import.meta.url).href;
const JEST = new URL('./jest-globals.ts', import.meta.url).href;

registerHooks({
  resolve(specifier, context, next) {
    if (specifier === '@jest/globals') return { url: JEST, shortCircuit: true };
    const resolved = next(specifier, context);
    const query = context.parentURL?.match(/\?mutant=.*$/)?.[0];
    const isOwn =
      query !== undefined && specifier.startsWith('.') && resolved.url.startsWith(CHECK);
    return isOwn ? { ...resolved, url: resolved.url + query } : resolved;
  },
  load(url, context, next) {
    const loaded = next(url, context);
    const [file, name] = url.split('?mutant=');
    const mutant = CHECKER_MUTANTS.find((each) => encodeURIComponent(each.name) === name);
    if (mutant === undefined || file !== CHECK + mutant.file) return loaded;
    return { ...loaded, source: mutate(String(loaded.source), mutant) };
  },
});

const { runTests } = (await import(JEST)) as typeof import('./jest-globals.ts');
const failures: Record<string, readonly string[]> = {};
for (const name of ['none', ...CHECKER_MUTANTS.map((mutant) => mutant.name)]) {
  for (const test of TESTS) await import(`${test.href}?mutant=${encodeURIComponent(name)}`);
  failures[name] = await runTests();
}
process.stdout.write(JSON.stringify(failures));
