// Measures how long the deployed function takes to load, with the SDK in its bundle and beside it, and
// without Powertools: each in fresh processes, in turn. `node scripts/measure-start.js [RUNS]`.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import { bundle } from './bundle.js';

const RUNS = Number(process.argv[2] ?? 21);
// In the project, so that what is not in a bundle is found in its node_modules.
const FOLDER = path.join(
  path.dirname(path.dirname(fileURLToPath(import.meta.url))),
  'out',
  'start',
);

const TABLES = {
  TABLE_CONTRIBUTIONS_NAME: 'dev-Contributions',
  TABLE_SCORES_NAME: 'dev-Scores',
  TABLE_EVENTS_NAME: 'dev-Events',
  TABLE_QUARANTINE_NAME: 'dev-Quarantine',
};

mkdirSync(FOLDER, { recursive: true });
const silentReport = path.join(FOLDER, 'silent-report.ts');
writeFileSync(
  silentReport,
  `export const createReport = () => ({ begin() {}, warn() {}, error() {}, counted() {} });`,
);
/** @type {import('esbuild').Plugin} */
const withoutPowertools = {
  name: 'without-powertools',
  setup({ onResolve }) {
    onResolve({ filter: /report\.ts$/ }, () => ({ path: silentReport }));
  },
};

/** @type {Record<string, import('esbuild').BuildOptions>} */
const variants = {
  'SDK inside (deployed)': {},
  'SDK outside': { external: ['@aws-sdk/*', '@smithy/*'] },
  'SDK inside, no Powertools': { plugins: [withoutPowertools] },
  'nothing (Node itself)': { stdin: { contents: '' }, entryPoints: [] },
};

const measured = [];
for (const [index, [name, options]] of Object.entries(variants).entries()) {
  const outfile = path.join(FOLDER, `variant${index}.mjs`);
  const { entryPoints = ['src/handler/lambda.ts'], ...others } = options;
  await bundle({ ...others, entryPoints, outfile });
  measured.push({ name, outfile, timesMs: /** @type {number[]} */ ([]) });
}
for (let run = 0; run < RUNS; run++) {
  for (const { outfile, timesMs } of measured) timesMs.push(loadMs(outfile));
}
console.log('| bundle | KB zipped | load, ms: median | least | most |\n|---|---|---|---|---|');
for (const { name, outfile, timesMs } of measured) {
  timesMs.sort((left, right) => left - right);
  const sizeKb = (deflateRawSync(readFileSync(outfile)).length / 1000).toFixed(0);
  const figures = [timesMs[RUNS >> 1], timesMs[0], timesMs[RUNS - 1]];
  console.log(`| ${name} | ${sizeKb} | ${figures.map((ms) => ms?.toFixed(0)).join(' | ')} |`);
}

/** @param {string} file */
function loadMs(file) {
  const code = `const start = performance.now();
    await import(${JSON.stringify(pathToFileURL(file).href)});
    console.log(performance.now() - start);`;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', code],
    { encoding: 'utf8', env: { ...TABLES, AWS_REGION: 'us-east-1' } },
  );
  if (status !== 0) throw new Error(stderr);
  return Number(stdout);
}
