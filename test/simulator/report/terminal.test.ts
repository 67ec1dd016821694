import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatJson } from '../../../src/simulator/report/json.ts';
import { formatHeader, formatResult } from '../../../src/simulator/report/terminal.ts';
import { eventId, sampleDifference, sampleOptions, sampleResult, sampleTrace } from './sample.ts';

const plain = { colour: false, width: 120 };
const CONTROL = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

describe('the header', () => {
  test('names every option', () => {
    const options = sampleOptions({
      seed: 'the seed',
      count: 11111,
      entities: { products: 222, users: 333 },
      shuffle: 44,
      duplicate: 0.51,
      delay: 0.52,
      garbage: 0.53,
      shards: 6,
      partition: 'random',
      batchSize: 77,
      batchWindow: 8,
      parallelizationFactor: 9,
      retryAttempts: 1010,
      bisect: false,
      repeatDelivery: 0.54,
      kill: 1212,
      faults: { slow: 0.55, 'answer-lost': 0.56 },
      handler: '/a/handler.ts#handle',
      kinesisServer: 'kinesis-local',
      dynamodbEndpoint: 'http://127.0.0.1:8000',
    });
    const text = formatHeader(options, plain);
    const shown = [
      ...['the seed', '11,111', '222', '333', 'within 44', '0.51', '0.52', '0.53'],
      ...['shards 6', 'random', '77', '8 s', 'factor 9', '1,010', 'bisect off', '0.54'],
      ...['kill 1,212', 'slow 0.55', 'answer-lost 0.56'],
      ...['/a/handler.ts#handle', 'kinesis-local', 'http://127.0.0.1:8000'],
    ];
    for (const value of shown) expect(text).toContain(value);
  });

  test.each([
    [{}, 'none'],
    [{ kill: 5 }, 'kill 5'],
    [
      { faultProfile: { name: 'light', ratios: {} }, faults: { slow: 0.5 } },
      'profile light · slow 0.5',
    ],
  ])('the faults of %j: %s', (changes, shown) => {
    expect(formatHeader(sampleOptions(changes), plain)).toContain(`\nfaults    ${shown}\n`);
  });

  test('colours only when asked, and never by what it shows', () => {
    const options = sampleOptions({ seed: '\u001b[31mred' });
    expect(formatHeader(options, plain).replaceAll('\n', '')).not.toMatch(CONTROL);
    expect(formatHeader(options, { ...plain, colour: true })).toContain('\u001b[1mseed');
    expect(formatHeader(options, { ...plain, colour: true })).not.toContain('\u001b[31m');
  });
});

describe('the result', () => {
  test.each([
    ['converged', 'CONVERGED'],
    ['diverged', 'DIVERGED'],
    ['unknown', 'UNKNOWN'],
  ] as const)('%s says so, and why, and ends with the command', (verdict, word) => {
    const failures = [{ kind: 'table-gone', table: 'Seen' }] as const;
    const text = formatResult(sampleResult({ verdict, failures }), plain);
    expect(text).toContain(` ${word} `);
    expect(text.indexOf('table Seen is gone')).toBeGreaterThan(text.indexOf(word));
    expect(text.trimEnd().split('\n').at(-1)).toBe('  npx simulate --seed S --shuffle');
  });

  test('kills and faults: asked for and happened', () => {
    const { figures } = sampleResult();
    const lines = (changes: Partial<typeof figures>) =>
      formatResult(sampleResult({ figures: { ...figures, ...changes } }), plain);
    expect(lines({})).toMatch(/^kills +none\nfaults +none$/m);
    const text = lines({
      kills: { asked: 5, happened: 4 },
      faults: { slow: { ratio: 0.1, happened: 1200 }, conflict: { ratio: 0.1, happened: 0 } },
    });
    expect(text).toMatch(/^kills +4 of 5, each in mid-batch$/m);
    expect(text).toMatch(/^faults +slow 1,200, conflict 0$/m);
  });

  test('a difference shows rows and events, aligned, what differs marked', () => {
    const text = formatResult(
      sampleResult({ verdict: 'diverged', differencesTotal: 1, differences: [sampleDifference()] }),
      { ...plain, width: 160 },
    );
    const lines = text.split('\n');
    const line = (start: RegExp): string => lines.find((each) => start.test(each)) ?? '';
    expect(line(/≠ {2}creator /)).toMatch(
      /"hello-retail\/merchant\/amzn1\.5\/bea" +"hello-retail.*cid"/,
    );
    expect(line(/≠ {2}creatorEventId/)).toMatch(/"1:…001001" +"1:…001002"/);
    expect(line(/^ +productId/)).not.toContain('≠');
    expect(line(/^ {2}1 {2}product\/create/)).toMatch(/bea +3rd +#10,000 +1 +12 success$/);
    expect(line(/^ {2}2 {2}product\/create/)).toMatch(
      /cid +1st +#4 +0 +1 partial, reported failed; 2 success$/,
    );
    expect(line(/^ +copy/)).toMatch(/2nd +#5 +0 +none$/);
    expect(line(/^ {2}3 {2}product\/purchase/)).toMatch(/never$/);
    const rows = lines.filter((each) => /^ {2}[12] {2}product\/create/.test(each));
    expect(new Set(rows.map((row) => row.search(/\d(st|nd|rd|th) /))).size).toBe(1);
  });

  test('the headline has the short forms of the tables, and ends with a word', () => {
    const [rival, id] = [
      'hello-retail/web-client-contribute/amzn2.8767982/Rodrigue',
      eventId(1, 1002),
    ];
    const show = (headline: string) =>
      formatResult(
        sampleResult({
          differences: [
            sampleDifference({
              actual: { productId: '7749361', creator: rival, creatorEventId: id },
              explanation: { headline, events: [] },
            }),
          ],
        }),
        plain,
      );
    const text = show(`the table has ${rival}, whose event id ${id} is greater`);
    expect(text).toMatch(
      /^the table has (hello-retail\/w….*\/Rodrigue), whose event id (1:…001002) is greater$/m,
    );
    expect(show('x'.repeat(99).concat(' ').repeat(12))).toMatch(/x{99} …$/m);
  });

  test.each([80, 100, 120, 200])('no line but a command is longer than %d columns', (width) => {
    const user = (number: number) =>
      `hello-retail/web-client-contribute/amzn2.${number}/Nancy Williamson`;
    const deliveries = Array.from({ length: 9 }, (_, at) => ({
      invocation: 1000 + at,
      outcome: 'partial, reported failed',
    }));
    const traces = Array.from({ length: 30 }, (_, at) =>
      sampleTrace(at, {
        origin: user(7_000_000 + at),
        subject: String(5_000_000 + at),
        arrivals: [
          {
            position: 90_000 + at,
            shardId: 'shardId-000000000007',
            sequenceNumber: '1',
            deliveries,
          },
        ],
      }),
    );
    const row = (origin: string) => ({
      creator: origin,
      photographer: origin,
      photographerEventId: eventId(1, 2),
    });
    const options = sampleOptions({
      repeatDelivery: 0.25,
      faults: { throttled: 0.05, 'internal-error-after': 0.01 },
    });
    const style = { colour: false, width };
    const text =
      formatHeader(options, style) +
      formatResult(
        sampleResult({
          differences: [sampleDifference({ expected: row(user(1)), actual: row(user(2)), traces })],
          differencesTotal: 1,
        }),
        style,
      );
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(width);
    expect(text).toMatch(/5\s+more/);
  });

  test('five differences are printed whole, the rest counted by table', () => {
    const differences = [
      ...Array.from({ length: 6 }, () => sampleDifference()),
      sampleDifference({ table: 'Scores' }),
      sampleDifference({ table: 'Scores' }),
    ];
    const text = formatResult(sampleResult({ differences, differencesTotal: 12 }), plain);
    expect(text).toContain('5. Contributions');
    expect(text).not.toContain('6. Contributions');
    expect(text).toContain('7 more differences: 1 in Contributions, 2 in Scores, 4 not listed');
  });

  test('of many events the rare kinds and odd fates are shown, in canonical order', () => {
    const traces = Array.from({ length: 500 }, (_none, event) =>
      sampleTrace(event, {
        ...(event === 400 ? { kind: 'product/create' } : {}),
        ...(event === 450 ? { arrivals: [] } : {}),
      }),
    );
    const text = formatResult(
      sampleResult({ differences: [sampleDifference({ traces })], differencesTotal: 1 }),
      plain,
    );
    expect(text).toContain(
      '500 events in canonical order, beside the order of arrival (476 not shown)',
    );
    expect(text).toMatch(/\n {2}22 .*\n {2}401 {2}product\/create .*\n {2}451 .*never\n/);
  });

  test('a row that is missing, one too many, and a number that is a text', () => {
    const show = (expected: object | undefined, actual: object | undefined): string => {
      const difference = sampleDifference({
        expected: expected as Record<string, unknown>,
        actual: actual as Record<string, unknown>,
      });
      return formatResult(sampleResult({ differences: [difference], differencesTotal: 1 }), plain);
    };
    expect(show({ score: 5 }, undefined)).toMatch(/≠ {2}score +5 +\(no such row\)/);
    expect(show(undefined, { score: 5 })).toMatch(/≠ {2}score +\(no such row\) +5/);
    expect(show({ score: 5 }, { score: '5' })).toMatch(/≠ {2}score +5 +"5"/);
    expect(show({ score: 5 }, {})).toMatch(/≠ {2}score +5 +\(none\)/);
  });

  test('event ids are shortened, but never to the same', () => {
    const traces = [
      sampleTrace(0, { eventId: eventId(1, 1_000_000) }),
      sampleTrace(1, { eventId: eventId(1, 2_000_000) }),
      sampleTrace(2, { eventId: eventId(2, 2_000_000) }),
    ];
    const difference = sampleDifference({ expected: undefined, actual: undefined, traces });
    const text = formatResult(sampleResult({ differences: [difference] }), plain);
    for (const short of ['1:…01000000', '1:…02000000', '2:…02000000'])
      expect(text).toContain(short);
  });

  test('whatever strangers put into their ids, a terminal is not moved by it', () => {
    const hostile = fc
      .array(
        fc.constantFrom('\u001b[2J', '\u0007', '\r', '\n', '\u202e', '\u009b', '\ud800', 'a', '\\'),
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(hostile, hostile, (text, other) => {
        const difference = sampleDifference({
          table: text,
          key: [text],
          expected: { [text]: text, nested: { [other]: text } },
          actual: { [text]: other, bytes: new Uint8Array([1]) },
          explanation: { headline: text, events: [] },
          traces: [sampleTrace(0, { origin: text, eventId: other, kind: text })],
        });
        const result = sampleResult({
          differences: [difference],
          differencesTotal: 1,
          failures: [{ kind: 'handler-error', error: text }],
          notes: [text],
          repeat: `npx simulate --seed ${text}`,
        });
        expect(formatResult(result, plain).replaceAll('\n', '')).not.toMatch(CONTROL);
      }),
    );
  });
});

test('json: one document, bytes and undefined included', () => {
  const differences = [
    sampleDifference({
      expected: { raw: Buffer.from([1, 2]), set: new Set(['a']) },
      actual: undefined,
    }),
  ];
  const text = formatJson(sampleResult({ differences }));
  const parsed = JSON.parse(text);
  expect(text.endsWith('}\n')).toBe(true);
  expect(parsed.options.handler).toBeNull();
  expect(parsed.differences[0].expected).toEqual({ raw: { base64: 'AQI=' }, set: ['a'] });
  expect(parsed.differences[0].actual).toBeNull();
});
