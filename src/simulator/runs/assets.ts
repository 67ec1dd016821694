/** Reads the style and the scripts of the report. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { ReportAssets } from '../report/html/input.ts';

const PAGE = path.join(import.meta.dirname, '../report/html/browser');

export function readAssets(): ReportAssets {
  const uplot = path.dirname(createRequire(import.meta.url).resolve('uplot'));
  const read = (file: string): string => readFileSync(file, 'utf8');
  return {
    css: read(path.join(uplot, 'uPlot.min.css')) + read(path.join(PAGE, 'style.css')),
    script: `${read(path.join(uplot, 'uPlot.iife.min.js'))}\n${read(path.join(PAGE, 'page.js'))}`,
  };
}
