/** What a run leaves behind, and its report in a real browser. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { type Browser, chromium, type Page } from 'playwright-core';
import { simulate, start } from './simulate.ts';

jest.setTimeout(60_000);
const out = mkdtempSync(path.join(tmpdir(), 'kept-'));
const CHROMIUM = '/usr/bin/chromium';
const repository = fileURLToPath(new URL('../..', import.meta.url));
const badHandler = path.join(repository, 'test/handlers/first-arrival-wins.ts');

const small = ['--shuffle', '--count', '300', '--seed', 'readme'];
const kept = (name: string): string => path.join(out, name, 'latest');
const read = (name: string, file: string): string =>
  readFileSync(path.join(kept(name), file), 'utf8');

beforeAll(async () => {
  const [good, bad] = await Promise.all([
    simulate(...small, '--fault', 'throttled=0.05', '--out', path.join(out, 'good')),
    simulate(...small, '--handler', badHandler, '--out', path.join(out, 'bad')),
  ]);
  expect([good.status, bad.status]).toEqual([0, 2]);
  writeFileSync(path.join(out, 'good.txt'), good.stdout);
  writeFileSync(path.join(out, 'bad.txt'), bad.stdout);
});
afterAll(() => rmSync(out, { recursive: true }));

test.each(['good', 'bad'])(
  'the %s run left whole files, and result.json is as its schema says',
  (name) => {
    expect(readdirSync(kept(name)).sort()).toEqual([
      'history.jsonl',
      'junit.xml',
      'report.html',
      'result.json',
    ]);
    const schema = JSON.parse(
      readFileSync(path.join(repository, 'schemas/result.schema.json'), 'utf8'),
    );
    const validate = new Ajv2020({
      strict: true,
      strictRequired: false,
      allErrors: true,
      allowUnionTypes: true,
    }).compile(schema);
    const result = JSON.parse(read(name, 'result.json'));
    validate(result);
    expect(validate.errors).toBeNull();
    expect(validate({ ...result, verdict: 'fine' })).toBe(false);
    const lines = read(name, 'history.jsonl')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines[0]).toMatchObject({ type: 'run-started', seed: 'readme' });
    expect(lines.filter(({ type }) => type === 'record-pushed')).toHaveLength(
      result.figures.disorder.records,
    );
    expect(lines.filter(({ type }) => type === 'difference')).toHaveLength(
      result.run.differences.length,
    );
  },
);

test('show prints what the run printed; compare puts two side by side', async () => {
  const shown = await simulate('show', kept('bad'));
  expect(shown.status).toBe(2);
  expect(readFileSync(path.join(out, 'bad.txt'), 'utf8')).toContain(shown.stdout);
  expect(shown.stdout).toContain('DIVERGED');
  const compared = await simulate('compare', kept('good'), kept('bad'));
  expect(compared.status).toBe(0);
  expect(compared.stdout).toMatch(/^verdict +converged +diverged +≠$/m);
  expect(compared.stdout).toMatch(/^handler +– +.*first-arrival-wins\.ts$/m);
  const missing = await simulate('show', 'nowhere');
  expect([missing.status, missing.stderr]).toEqual([
    64,
    'simulate: there is no run "nowhere": name the folder of one, such as runs/latest\n',
  ]);
});

test('a folder that can not be written to is one line before the run begins', async () => {
  const file = path.join(out, 'a-file');
  writeFileSync(file, '');
  const { status, stderr } = await simulate('--count', '10', '--out', path.join(file, 'runs'));
  expect(status).toBe(64);
  expect(stderr).toMatch(
    /^simulate: ".*a-file\/runs" can't be written to \(ENOTDIR\); take another/m,
  );
  expect(stderr).not.toContain('start done');
});

test('an interrupted run leaves its history, under a name that says that it is not whole', async () => {
  const folder = path.join(out, 'interrupted');
  const run = start(['--count', '5000', '--shuffle', '--out', folder]);
  await run.said('deliver');
  run.child.kill('SIGINT');
  expect((await run.ended).status).toBe(130);
  expect(readdirSync(path.join(folder, 'latest'))).toEqual(['history.jsonl.partial']);
  const first = readFileSync(path.join(folder, 'latest', 'history.jsonl.partial'), 'utf8').split(
    '\n',
  )[0];
  expect(JSON.parse(first ?? '')).toMatchObject({ type: 'run-started' });
});

test('on GitHub a divergence is annotated and summarised', async () => {
  const summary = path.join(out, 'summary.md');
  const words = [
    ...small,
    '--handler',
    badHandler,
    '--reporter',
    'github',
    '--reporter',
    'junit',
    '--no-out',
  ];
  const { stdout, stderr } = await start(words, { env: { GITHUB_STEP_SUMMARY: summary } }).ended;
  expect(stdout).toMatch(/^<\?xml/);
  expect(stderr).toMatch(/^::error title=Contributions \d+::product \d+: /m);
  expect(readFileSync(summary, 'utf8')).toMatch(/^## DIVERGED\n/);
});

test.each(['good', 'bad'])(
  'the junit.xml of the %s run is as the usual schema wants it',
  (name) => {
    const schema = fileURLToPath(new URL('../fixtures/junit.xsd', import.meta.url));
    const { status, stderr, error } = spawnSync(
      'xmllint',
      ['--noout', '--nonet', '--schema', schema, path.join(kept(name), 'junit.xml')],
      { encoding: 'utf8' },
    );
    if (error !== undefined)
      throw new Error('xmllint is missing: apt-get install libxml2-utils', { cause: error });
    expect([status, stderr]).toEqual([0, expect.stringMatching(/validates\n$/)]);
  },
);

/** How many colours each chart has: in the page, where the DOM is. */
const COLOURS = `[...document.querySelectorAll('[data-chart]')].map((box) => {
  const canvas = box.querySelector('canvas');
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  return new Set(new Uint32Array(data.buffer)).size;
})`;

describe('in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    if (!existsSync(CHROMIUM)) throw new Error(`${CHROMIUM} is missing: apt-get install chromium`);
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
      ],
    });
  });
  afterAll(() => browser?.close());

  /** The page, and its console messages, errors and requests, of which there should be none. */
  async function opened(name: string, width = 1280): Promise<{ page: Page; wrong: string[] }> {
    const page = await browser.newPage({ viewport: { width, height: 900 } });
    const wrong: string[] = [];
    const url = pathToFileURL(path.join(kept(name), 'report.html')).href;
    page.on('console', (message) => wrong.push(message.text()));
    page.on('pageerror', (error) => wrong.push(error.message));
    page.on('request', (request) => {
      if (request.url() !== url) wrong.push(request.url());
    });
    await page.goto(url);
    return { page, wrong };
  }

  test.each(['good', 'bad'])(
    'the %s report draws every chart, in both themes, without a network request',
    async (name) => {
      const { page, wrong } = await opened(name);
      const painted = () => page.evaluate<number[]>(COLOURS);
      const before = await painted();
      expect(before.length).toBeGreaterThanOrEqual(6);
      for (const colours of before) expect(colours).toBeGreaterThan(4);
      await page.click('#theme');
      for (const colours of await painted()) expect(colours).toBeGreaterThan(4);
      expect(await page.textContent('h1')).toBe(name === 'good' ? 'converged' : 'diverged');
      expect(wrong).toEqual([]);
      await page.close();
    },
  );

  test.each(['good', 'bad'])('the %s report fits a phone', async (name) => {
    const { page, wrong } = await opened(name, 390);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    for (const colours of await page.evaluate<number[]>(COLOURS))
      expect(colours).toBeGreaterThan(4);
    expect(wrong).toEqual([]);
    await page.close();
  });

  test('the timeline begins where the row left the reference, and steps by button and key', async () => {
    const { page, wrong } = await opened('bad');
    const timeline = page.locator('[data-timeline]').first();
    const where = timeline.locator('.where');
    const step = async () => Number(/step (\d+)/.exec((await where.textContent()) ?? '')?.[1]);
    expect(await where.textContent()).toMatch(
      /^step \d+ of \d+: where the row left the reference$/,
    );
    const begun = await step();
    await timeline.locator('button').first().click();
    expect(await step()).toBe(begun - 1);
    await timeline.focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    expect(await step()).toBe(begun + 1);
    await page.keyboard.press('Home');
    expect(await timeline.locator('.steps li.on').textContent()).toMatch(
      /arrived on shard \d as record \d+ of the run/,
    );
    expect(await timeline.locator('.steps li.on').count()).toBe(1);
    expect(wrong).toEqual([]);
    await page.close();
  });
});
