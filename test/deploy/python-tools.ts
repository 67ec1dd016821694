/**
 * cfn-lint and moto in a virtual environment that is made once: `.venv`, which git ignores. They and all that they
 * bring are pinned by hash: requirements.txt, made from requirements.in by the command in its first lines.
 */
import { execFile } from 'node:child_process';
import { copyFile, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Paths of programs. */
export interface PythonTools {
  readonly cfnLint: string;
  readonly motoServer: string;
}

const FOLDER = fileURLToPath(new URL('../../.venv', import.meta.url));
const WANTED = fileURLToPath(new URL('requirements.txt', import.meta.url));
/** What is installed; written last, so that an installation that was cut short is done again. */
const INSTALLED = path.join(FOLDER, 'requirements.txt');

/** Rejects if Python 3 or its module venv is missing, or the packages can't be had. */
export async function installPythonTools(): Promise<PythonTools> {
  if ((await textOf(INSTALLED)) !== (await textOf(WANTED))) {
    await run('python3', '-m', 'venv', '--clear', FOLDER);
    const install = ['install', '--quiet', '--disable-pip-version-check', '--require-hashes'];
    await run(program('pip'), ...install, '--requirement', WANTED);
    await copyFile(WANTED, INSTALLED);
  }
  return { cfnLint: program('cfn-lint'), motoServer: program('moto_server') };
}

function program(name: string): string {
  return path.join(FOLDER, 'bin', name);
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function run(file: string, ...words: readonly string[]): Promise<void> {
  try {
    await promisify(execFile)(file, words);
  } catch (error) {
    // Debian's Python says on stdout which package venv is in.
    const { message, stdout = '' } = error as Error & { stdout?: string };
    throw new Error(`${message}\n${stdout}\nThis needs Python 3.10 or newer with its module venv`);
  }
}
