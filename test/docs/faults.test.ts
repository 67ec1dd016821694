/** docs/reference/faults.md lists the faults that the code has, with their worlds and ratios. */
import { expect, test } from '@jest/globals';
import { PROFILES } from '../../src/simulator/model/fault-profiles.ts';
import { FAULT_NAMES, MEMORY_FAULT_NAMES } from '../../src/simulator/model/faults.ts';
import { readDocument } from './documents.ts';

test('names, worlds and ratios are those of the code', () => {
  const { light, heavy } = PROFILES;
  const ratio = (value: number | undefined) => (value === undefined ? '–' : String(value));
  const inCode = [...FAULT_NAMES, ...MEMORY_FAULT_NAMES].map((name) => [
    name,
    (FAULT_NAMES as readonly string[]).includes(name) ? 'local, memory' : 'memory',
    ratio(light[name]),
    ratio(heavy[name]),
  ]);
  const documented = readDocument('docs/reference/faults.md')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map(([, name = '', , , worlds, low, high]) => [name.replaceAll('`', ''), worlds, low, high]);
  expect(documented).toEqual(inCode);
});
