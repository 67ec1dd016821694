// Checks for the programs that the tests need and npm does not install; `npm run check` runs it first, so
// that a missing program is named before any test fails. Plain JavaScript, which an older Node runs too.
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

const JAVA_MIN = 17;

const PROGRAMS = [
  {
    name: 'java',
    purpose: `runs DynamoDB Local, which needs Java ${JAVA_MIN} or newer`,
    debianPackage: 'openjdk-17-jre-headless',
    problem: javaProblem,
  },
  {
    name: 'chromium',
    purpose: 'opens the HTML report',
    debianPackage: 'chromium',
    problem: () => missing('chromium'),
  },
  {
    name: 'xmllint',
    purpose: 'validates junit.xml',
    debianPackage: 'libxml2-utils',
    problem: () => missing('xmllint'),
  },
];

const problems = PROGRAMS.map((program) => ({ ...program, found: program.problem() })).filter(
  ({ found }) => found !== undefined,
);
if (problems.length > 0) {
  const lines = problems.map(({ name, found, purpose }) => `  ${name}: ${found}; it ${purpose}`);
  const packages = problems.map(({ debianPackage }) => debianPackage).join(' ');
  console.error('The tests need programs that npm does not install:');
  console.error(lines.join('\n'));
  console.error(`On Debian or Ubuntu:\n  sudo apt-get install ${packages}`);
  process.exitCode = 1;
}

function javaProblem() {
  const home = process.env['JAVA_HOME'];
  const java = home ? path.join(home, 'bin', 'java') : 'java';
  const { error, stderr } = spawnSync(java, ['-version'], { encoding: 'utf8' });
  if (error !== undefined) return 'not found';
  const version = /version "(\d+)/.exec(stderr)?.[1];
  if (version !== undefined && Number(version) >= JAVA_MIN) return undefined;
  return version === undefined ? 'does not tell its version' : `found version ${version}`;
}

/** @param {string} name */
function missing(name) {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  return folders.some((folder) => isExecutable(path.join(folder, name))) ? undefined : 'not found';
}

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
