/** Runs `serverless package` in a copy of the files that it needs, apart from the developer's own. */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** As JSON has it. */
// biome-ignore lint/suspicious/noExplicitAny: tests read templates at any depth.
export type Json = any;

export interface Packaged {
  readonly template: { readonly Resources: Json; readonly Outputs: Json };
  readonly zip: Buffer;
}

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

/** An empty folder outside the project; the caller removes it. */
export function makeFolder(): Promise<string> {
  return mkdtemp(path.join(tmpdir(), 'winner-view-'));
}

/** A folder to package in, for several stages one after another. */
export async function copyProject(): Promise<string> {
  const folder = await makeFolder();
  for (const part of ['serverless.yml', 'package.json', 'scripts', 'src/handler']) {
    await cp(path.join(PROJECT, part), path.join(folder, part), { recursive: true });
  }
  await symlink(path.join(PROJECT, 'node_modules'), path.join(folder, 'node_modules'));
  return folder;
}

/** Runs `serverless` there with this environment only. Rejects with its output if it fails. */
export async function serverless(
  folder: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<void> {
  const program = path.join(folder, 'node_modules', 'serverless', 'bin', 'serverless.js');
  try {
    await promisify(execFile)(process.execPath, [program, ...args], {
      cwd: folder,
      env: { PATH: process.env['PATH'], HOME: folder, ...environment },
    });
  } catch (error) {
    const { message, stdout, stderr } = error as Error & { stdout: string; stderr: string };
    throw new Error(`${message}\n${stdout}\n${stderr}`);
  }
}

export async function packageStack(
  folder: string,
  stage: string,
  params: Readonly<Record<string, string>> = {},
): Promise<Packaged> {
  const flags = Object.entries(params).map(([name, value]) => `--param=${name}=${value}`);
  // No access to a network that requires a proxy.
  const environment = { HTTPS_PROXY: 'http://127.0.0.1:1' };
  await serverless(folder, ['package', '-s', stage, ...flags], environment);
  return readPackaged(folder);
}

/** The last output of `package` or `deploy`. */
export async function readPackaged(folder: string): Promise<Packaged> {
  const made = (name: string) => readFile(path.join(folder, '.serverless', name));
  return {
    template: JSON.parse(
      (await made('cloudformation-template-update-stack.json')).toString('utf8'),
    ) as Packaged['template'],
    zip: await made('winner-view.zip'),
  };
}
