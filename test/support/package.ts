/** `serverless package` in a copy of what it needs, so that tests and people don't get in each other's way. */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** As JSON has it. */
// biome-ignore lint/suspicious/noExplicitAny: a template is looked into at any depth, and tests fail loudly.
export type Json = any;

export interface Packaged {
  readonly template: { readonly Resources: Json; readonly Outputs: Json };
  readonly zip: Buffer;
}

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
/** In the folder `.serverless`. */
export const TEMPLATE = 'cloudformation-template-update-stack.json';

/** An empty folder outside the project; the caller removes it. */
export function makeFolder(): Promise<string> {
  return mkdtemp(path.join(tmpdir(), 'winner-view-'));
}

/** A folder to package in; more than one stage may be packaged there, one after another. */
export async function copyProject(): Promise<string> {
  const folder = await makeFolder();
  for (const part of ['serverless.yml', 'package.json', 'scripts', 'src/handler']) {
    await cp(path.join(PROJECT, part), path.join(folder, part), { recursive: true });
  }
  await symlink(path.join(PROJECT, 'node_modules'), path.join(folder, 'node_modules'));
  return folder;
}

export async function packageStack(
  folder: string,
  stage: string,
  params: Readonly<Record<string, string>> = {},
): Promise<Packaged> {
  // No way to any network that asks for a proxy.
  const environment = { HTTPS_PROXY: 'http://127.0.0.1:1' };
  const given = Object.entries(params).map(([name, value]) => `--param=${name}=${value}`);
  await serverless(folder, ['package', '--stage', stage, ...given], environment);
  return packaged(folder);
}

/** Runs the Serverless Framework with nothing of the caller's account or settings; resolves to what it prints. */
export async function serverless(
  folder: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<string> {
  const program = path.join(folder, 'node_modules', 'serverless', 'bin', 'serverless.js');
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [program, ...words], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, ...environment },
  });
  return `${stdout}${stderr}`;
}

/** What was packaged there last. */
export async function packaged(folder: string): Promise<Packaged> {
  const made = (name: string) => readFile(path.join(folder, '.serverless', name));
  return {
    template: JSON.parse((await made(TEMPLATE)).toString('utf8')) as Packaged['template'],
    zip: await made('winner-view.zip'),
  };
}
