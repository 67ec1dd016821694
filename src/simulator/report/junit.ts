/** A result as a JUnit report. Pure. */

import type { RunResult } from '../model/run-result.ts';
import type { Verdict } from '../model/verdict.ts';
import { failureText } from './failure-text.ts';
import { jsonValue } from './json.ts';

export interface JunitCase {
  readonly name: string;
  readonly seconds: number;
  /** JUnit's `failure` where the run diverged, its `error` where the verdict is unknown. */
  readonly failure?: { readonly message: string; readonly type: Verdict; readonly text: string };
}

/** One test suite. `at`: when it began, ISO 8601, if known. */
export function formatJunit(
  name: string,
  at: string | undefined,
  cases: readonly JunitCase[],
): string {
  const of = (type: Verdict): number =>
    cases.filter(({ failure }) => failure?.type === type).length;
  const time = cases.reduce((sum, each) => sum + each.seconds, 0).toFixed(3);
  const counts = `tests="${cases.length}" failures="${of('diverged')}" errors="${of('unknown')}" time="${time}"`;
  const began = at === undefined ? '' : ` timestamp="${at.slice(0, 19)}"`;
  const lines = cases.map((each) => formatCase(name, each));
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    `<testsuites name="${xml(name)}" ${counts}>\n` +
    `  <testsuite name="${xml(name)}" ${counts} skipped="0"${began}>\n` +
    `${lines.join('')}  </testsuite>\n</testsuites>\n`
  );
}

function formatCase(suite: string, { name, seconds, failure }: JunitCase): string {
  const head = `    <testcase name="${xml(name)}" classname="${xml(suite)}" time="${seconds.toFixed(3)}"`;
  if (failure === undefined) return `${head}/>\n`;
  const tag = failure.type === 'unknown' ? 'error' : 'failure';
  return (
    `${head}>\n      <${tag} message="${xml(failure.message)}" type="${failure.type}">` +
    `${xml(failure.text)}</${tag}>\n    </testcase>\n`
  );
}

/** One test for the verdict, and one for each listed difference. */
export function junitCases(result: RunResult): readonly JunitCase[] {
  const { verdict, failures, figures, differences, differencesTotal, repeat } = result;
  const cases: JunitCase[] = [
    {
      name: 'the tables equal the reference',
      seconds: figures.wallMs / 1000,
      ...(verdict === 'converged'
        ? {}
        : {
            failure: {
              message: failures.map(failureText).join('; ') || verdict,
              type: verdict,
              text: `${differencesTotal} rows differ\nRepeat this run:\n${repeat}`,
            },
          }),
    },
  ];
  for (const { table, key, explanation, expected, actual } of differences) {
    const text = `expected ${JSON.stringify(expected, jsonValue)}\ngot ${JSON.stringify(actual, jsonValue)}`;
    const failure = { message: explanation.headline, type: 'diverged', text } as const;
    cases.push({ name: `${table} ${key.join(' ')}`, seconds: 0, failure });
  }
  return cases;
}

/** Escapes line breaks as well; characters that XML 1.0 lacks become U+FFFD. */
function xml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replace(/[&<>"'\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}
