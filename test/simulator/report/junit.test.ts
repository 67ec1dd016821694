import { expect, test } from '@jest/globals';
import { formatAnnotations, formatSummary } from '../../../src/simulator/report/github.ts';
import { formatJunit, junitCases } from '../../../src/simulator/report/junit.ts';
import { sampleResult } from './sample.ts';

const hostile = sampleResult({
  verdict: 'diverged',
  failures: [
    { kind: 'handler-error', error: 'a\u0000b </failure> & "c"\n::error::d' },
    { kind: 'table-gone', table: '100%, a:b' },
  ],
  repeat: "npx simulate --seed '```'",
});

test('texts of strangers are escaped, and what XML can not say is replaced', () => {
  const xml = formatJunit('simulate', '2026-11-25T08:15:29.000Z', junitCases(hostile));
  expect(xml).toContain('a\uFFFDb &#60;/failure&#62; &#38; &#34;c&#34;&#10;::error::d');
  expect(xml).toContain('timestamp="2026-11-25T08:15:29"');
});

test('an annotation is one line, whatever is in it', () => {
  const lines = formatAnnotations(hostile).trimEnd().split('\n');
  for (const line of lines) expect(line).toMatch(/^::error title=[^:,]+::/);
  expect(lines[0]).toContain('%0A::error::d');
  expect(lines[0]).toContain('100%25, a:b');
  expect(formatAnnotations(sampleResult({ verdict: 'converged' }))).toBe('');
});

test("the summary's code block is not ended by what is in it", () => {
  expect(formatSummary(hostile)).toMatch(/\n````sh\n.*```.*\n````\n$/);
});

test('sets and bytes are shown for what they are', () => {
  const row = (ids: string[]) => ({ id: 'a', ids: new Set(ids), raw: new Uint8Array([1, 2]) });
  const difference = {
    table: 'Sets',
    key: ['a'],
    expected: row(['x', 'y']),
    actual: row(['x']),
    explanation: { headline: 'Sets a', events: [] },
    traces: [],
  };
  const result = sampleResult({ verdict: 'diverged', differences: [difference] });
  const xml = formatJunit('simulate', '2026-11-25T08:15:29.000Z', junitCases(result));
  expect(xml).toContain('[&#34;x&#34;,&#34;y&#34;]');
  expect(xml).toContain('{&#34;base64&#34;:&#34;AQI=&#34;}');
});
