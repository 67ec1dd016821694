/**
 * Installs cfn-lint and moto once into a virtual environment, `.venv`, which git ignores. They and their dependencies
 * are pinned by hash in requirements.txt, generated from requirements.in by the command in its first lines.
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
/** The installed requirements; written last, so an interrupted installation is repeated. */
const INSTALLED = path.join(FOLDER, 'requirements.txt');

/** Rejects without Python 3 and its module venv, or if the packages can't be installed. */
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

async function run(file: string, ...args: readonly string[]): Promise<void> {
  try {
    await promisify(execFile)(file, args);
  } catch (error) {
    // Debian's Python names the package of venv on stdout.
    const { message, stdout = '' } = error as Error & { stdout?: string };
    throw new Error(`${message}\n${stdout}\nThis needs Python 3.10 or newer with its module venv`);
  }
}
