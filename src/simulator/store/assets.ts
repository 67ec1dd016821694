/** The page's style and scripts, read from where they lie. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { ReportAssets } from '../report/html/input.ts';

const PAGE = new URL('../report/html/browser/', import.meta.url);

export function readAssets(): ReportAssets {
  const uplot = path.dirname(createRequire(import.meta.url).resolve('uplot'));
  const read = (file: string | URL): string => readFileSync(file, 'utf8');
  return {
    css: read(path.join(uplot, 'uPlot.min.css')) + read(new URL('style.css', PAGE)),
    script: `${read(path.join(uplot, 'uPlot.iife.min.js'))}\n${read(new URL('page.js', PAGE))}`,
  };
}
