import { describe, expect, test } from '@jest/globals';
import { readScript } from '../../../load/engine/script.ts';

/** A script with these steps and settings of the engine. */
function script(flow: unknown, kinesis: unknown = {}, target: unknown = 'a-stream'): unknown {
  return {
    config: { target, engines: { kinesis } },
    scenarios: [{ name: 'buy', engine: 'kinesis', flow }],
  };
}
const PUT = { putEvents: { count: 5 } };

describe('a script', () => {
  test('is read with defaults', () => {
    expect(readScript(script([PUT, { think: 0.5 }, { function: 'greet' }]))).toEqual({
      stream: 'a-stream',
      config: { seed: 'load', history: 5_000, duplicate: 0, late: 0, mark: '' },
      scenarios: [
        [
          { putEvents: { count: 5, kind: 'any', skew: 0, recordsPerCall: 500 } },
          { think: '500ms' },
          { function: 'greet' },
        ],
      ],
    });
  });

  test('may have scenarios of other engines, which are ignored', () => {
    const other = { name: 'browse', engine: 'http', flow: [{ get: { url: '/' } }] };
    const { scenarios } = script([PUT]) as { scenarios: unknown[] };
    const both = { ...(script([PUT]) as object), scenarios: [other, ...scenarios] };
    expect(readScript(both).scenarios).toHaveLength(1);
  });

  test.each<[unknown, string]>([
    [[{ putEvent: { count: 5 } }], 'scenario buy, step 1 must be one of putEvents, think'],
    [[PUT, PUT, 'think'], 'scenario buy, step 3 must be one of'],
    [
      [{ ...PUT, think: 1 }],
      'scenario buy, step 1 must be one of putEvents, think, loop, function, not "think"',
    ],
    [
      [{ putEvents: { count: -5 } }],
      'putEvents.count must be a whole number from 1 to 1000000, not -5',
    ],
    [[{ putEvents: { count: 1.5 } }], 'putEvents.count must be a whole number'],
    [
      [{ putEvents: { count: '5' } }],
      'putEvents.count must be a whole number from 1 to 1000000, not "5"',
    ],
    [[{ putEvents: {} }], 'putEvents.count is missing'],
    [
      [{ putEvents: null }],
      'putEvents must be a set of count, kind, skew, recordsPerCall, not null',
    ],
    [
      [{ putEvents: { count: 1, kind: 'sale' } }],
      'putEvents.kind must be one of any, creation, photograph, purchase, not "sale"',
    ],
    [[{ putEvents: { count: 1, skew: 2 } }], 'putEvents.skew must be a number from 0 to 1, not 2'],
    [
      [{ putEvents: { count: 1, recordsPerCall: 501 } }],
      'putEvents.recordsPerCall must be a whole number from 1 to 500',
    ],
    [
      [{ putEvents: { count: 1, skews: 1 } }],
      'putEvents.skews is not known; scenario buy, step 1: putEvents takes count, kind',
    ],
    [[{ think: -1 }], 'scenario buy, step 1: think must be seconds'],
    [
      [{ think: 'a while' }],
      'think must be seconds, or a time such as "500ms" or "2s", not "a while"',
    ],
    [[{ loop: [PUT] }], "scenario buy, step 1: loop's count must be a whole number"],
    [[{ loop: [], count: 2 }], 'scenario buy, step 1: loop must have a list of steps'],
    [
      [{ loop: [{ putEvents: { count: 0 } }], count: 2 }],
      'scenario buy, step 1: loop, step 1: putEvents.count must be',
    ],
    [[{ function: 5 }], 'scenario buy, step 1: function must be a text, not 5'],
    [[], 'scenario buy must have a list of steps'],
  ])('with the steps %j is refused in one line', (flow, message) => {
    expect(() => readScript(script(flow))).toThrow(message);
    expect(() => readScript(script(flow))).toThrow(expect.objectContaining({ kind: 'usage' }));
    expect(() => readScript(script(flow))).not.toThrow('\n');
  });

  test.each<[unknown, string]>([
    [{ late: 1.5 }, 'config.engines.kinesis.late must be a number from 0 to 1, not 1.5'],
    [
      { histroy: 5 },
      'config.engines.kinesis.histroy is not known; config.engines.kinesis takes seed, history',
    ],
    [{ endpoint: 'localhost' }, 'config.engines.kinesis.endpoint must be a URL'],
  ])('with the settings %j is refused', (kinesis, message) => {
    expect(() => readScript(script([PUT], kinesis))).toThrow(message);
  });

  test('without a stream is refused', () => {
    expect(() => readScript(script([PUT], {}, ''))).toThrow(
      'config.target must be the name of a stream',
    );
  });
});
