/** The workflows: what they run is what our command line takes, and what they are called for is there. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { parse as parseCommandLine } from '../cli/context.ts';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
const FOLDERS = ['.github/workflows', 'templates/init'];
const files = FOLDERS.flatMap((folder) =>
  readdirSync(path.join(PROJECT, folder))
    .filter((name) => name.endsWith('.yml'))
    .map((name) => path.join(folder, name)),
);

interface Job {
  readonly steps: readonly { readonly run?: string; readonly uses?: string }[];
}

test.each(files)('%s', async (file) => {
  const { jobs } = parse(readFileSync(path.join(PROJECT, file), 'utf8')) as {
    readonly jobs: Readonly<Record<string, Job>>;
  };
  const steps = Object.values(jobs).flatMap((job) => job.steps);
  // Actions of GitHub's own, each by its major version.
  for (const { uses } of steps) {
    if (uses !== undefined) expect(uses).toMatch(/^actions\/[a-z-]+@v\d+$/);
  }
  const commands = steps.flatMap(({ run = '' }) =>
    [...run.matchAll(/^\s*npx simulate ([^|\n]*)/gm)].map(([, words = '']) => words.trim()),
  );
  for (const words of commands) {
    const commandLine = await parseCommandLine(words.replaceAll('"', '').split(/\s+/));
    expect([words, commandLine.kind]).toEqual([words, 'command']);
  }
});
