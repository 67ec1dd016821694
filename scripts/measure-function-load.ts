/**
 * Measures how long the deployed function takes to load: with the SDK in its bundle or outside, without Powertools,
 * and the SDK's client alone: `node scripts/measure-function-load.ts [RUNS]`.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import type { BuildOptions, Plugin } from 'esbuild';
import { bundle } from './bundle.js';
import { CLIENT_ALONE, measureImports, median, medianRatio, moduleOf } from './import-times.ts';

const RUNS = Number(process.argv[2] ?? 21);
// In the project: imports outside a bundle resolve to its node_modules.
const FOLDER = fileURLToPath(new URL('../out/start', import.meta.url));

mkdirSync(FOLDER, { recursive: true });
const silentReport = path.join(FOLDER, 'silent-report.ts');
writeFileSync(
  silentReport,
  `export const createReport = () => ({ begin() {}, warn() {}, error() {}, counted() {} });`,
);
const withoutPowertools: Plugin = {
  name: 'without-powertools',
  setup({ onResolve }) {
    onResolve({ filter: /report\.ts$/ }, () => ({ path: silentReport }));
  },
};

const variants: Readonly<Record<string, BuildOptions>> = {
  'SDK client alone': moduleOf(CLIENT_ALONE),
  'SDK inside (deployed)': {},
  'SDK outside': { external: ['@aws-sdk/*', '@smithy/*'] },
  'SDK inside, no Powertools': { plugins: [withoutPowertools] },
  'nothing (Node itself)': moduleOf(''),
};

const files: string[] = [];
for (const [at, options] of Object.values(variants).entries()) {
  const outfile = path.join(FOLDER, `variant${at}.mjs`);
  await bundle({ ...options, outfile });
  files.push(outfile);
}
const timesMs = measureImports(files, RUNS);
console.log('| bundle | KB zipped | load, ms: median | least | most | of the client alone |');
console.log('|---|---|---|---|---|---|');
for (const [at, name] of Object.keys(variants).entries()) {
  const [clientMs = [], ownMs = []] = [timesMs[0], timesMs[at]];
  const sizeKb = deflateRawSync(readFileSync(files[at] ?? '')).length / 1000;
  const figures = [sizeKb, median(ownMs), Math.min(...ownMs), Math.max(...ownMs)];
  const ratio = medianRatio(ownMs, clientMs).toFixed(2);
  console.log(`| ${[name, ...figures.map((each) => each.toFixed(0)), ratio].join(' | ')} |`);
}
