#!/usr/bin/env node
// Starts the simulator, which is TypeScript that Node 24 runs directly. This file is JavaScript that
// older versions of Node can parse: on those it continues with the Node that the project installs, or
// reports in one line what is missing.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const MAJOR_NEEDED = 24;
const EXIT_UNAVAILABLE = 69;
const EXIT_OUR_BUG = 70;
/** Set for a Node that is started by an older one, and ends with it. */
const WITH_PARENT = 'WINNER_VIEW_WITH_PARENT';

if (majorOf(process.versions.node) >= MAJOR_NEEDED) await simulate();
else runWithNode(findProjectNode());

async function simulate() {
  // Node's status for an uncaught error is 1, which looks like a verdict.
  process.on('exit', (code) => {
    if (code === 1) process.exitCode = EXIT_OUR_BUG;
  });
  if (process.env[WITH_PARENT] !== undefined) {
    delete process.env[WITH_PARENT];
    // A SIGKILL of the older Node is meant for this one, too.
    process.once('disconnect', () => process.exit(EXIT_UNAVAILABLE));
    process.channel?.unref();
  }
  // Node doesn't strip types in node_modules: the package has compiled files.
  const source = new URL('../src/cli/main.ts', import.meta.url);
  const compiled = new URL('../dist/cli/main.js', import.meta.url);
  await import((existsSync(source) ? source : compiled).href);
}

/** @param {string | undefined} node */
function runWithNode(node) {
  if (node === undefined) {
    console.error(
      `simulate: found Node ${process.versions.node}, needs Node ${MAJOR_NEEDED} or newer; ` +
        '`npm ci` in the project brings it (with install scripts allowed)',
    );
    process.exitCode = EXIT_UNAVAILABLE;
    return;
  }
  const child = spawn(node, process.argv.slice(1), {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, [WITH_PARENT]: '1' },
  });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => {
      // Ctrl-C on a terminal reaches the whole process group, the child included.
      if (signal === 'SIGINT' && process.stdin.isTTY) return;
      child.kill(signal);
    });
  }
  child.on('error', (error) => {
    console.error(`simulate: ${node} could not be started: ${error.message}`);
    process.exitCode = EXIT_UNAVAILABLE;
  });
  child.on('exit', (code, signal) => {
    const status = signal === null ? (code ?? EXIT_OUR_BUG) : 128 + constants.signals[signal];
    process.exit(status === 1 ? EXIT_OUR_BUG : status);
  });
}

/** The nearest node_modules/.bin/node that is new enough, from this package upwards. */
function findProjectNode() {
  let folder = path.dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const node = path.join(folder, 'node_modules', '.bin', 'node');
    if (existsSync(node) && isNewEnough(node)) return node;
    const parent = path.dirname(folder);
    if (parent === folder) return undefined;
    folder = parent;
  }
}

/** @param {string} node */
function isNewEnough(node) {
  const { status, stdout } = spawnSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' });
  return status === 0 && majorOf(stdout) >= MAJOR_NEEDED;
}

/** @param {string} version */
function majorOf(version) {
  return Number.parseInt(version, 10);
}
