import { expect, test } from '@jest/globals';
import { createHistoryFile } from '../../../src/simulator/runs/history-file.ts';
import { sampleResult } from '../report/sample.ts';

test('a long history is sampled from a size on, says so, and has its differences whole', () => {
  let text = '';
  const file = createHistoryFile(
    {
      write: (more) => {
        text += more;
      },
      flush: () => {},
      end: () => {},
    },
    1_000,
  );
  for (let push = 0; push < 1_000; push++) {
    file.read({
      atMs: push,
      type: 'record-pushed',
      push,
      event: push,
      copy: 0,
      shardId: 's',
      sequenceNumber: '1',
    });
  }
  file.read({ atMs: 1_000, type: 'fault-happened', fault: 'late' });
  const { differences } = sampleResult({ verdict: 'diverged' });
  file.end(differences);
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const count = (type: string) => lines.filter((line) => line.type === type).length;
  expect(count('record-pushed')).toBeLessThan(30);
  expect(count('sampled-from-here')).toBe(1);
  expect(count('fault-happened')).toBe(1);
  expect(count('difference')).toBe(differences.length);
  expect(lines.at(-1)).toEqual({
    type: 'left-out',
    'record-pushed': 1_000 - count('record-pushed'),
  });
});
