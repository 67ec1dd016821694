import { expect, test } from '@jest/globals';
import { seededRandom } from '../../../src/simulator/random.ts';
import { winner } from '../../../src/simulator/workload/winner/winner.ts';

const { eventError, generate, namedHistories = {}, smallHistory } = winner;
const source = generate('S', { count: 300 });
const EVENTS = Array.from({ length: source.length }, (_, at) => source.at(at));

test('nothing is wrong with the events that the workload makes', () => {
  const small = Array.from({ length: 50 }, (_, at) => {
    return smallHistory?.(seededRandom('S', `${at}`), { count: 6 }) ?? [];
  });
  const all = [...EVENTS, ...small.flat(), ...Object.values(namedHistories).flat()];
  expect(all.map((event) => eventError?.(event)).filter((error) => error !== undefined)).toEqual(
    [],
  );
});

test.each([
  [{ kind: 'refund' }, /^kind: /],
  [{ productId: '' }, /^productId: /],
  [{ productId: 7 }, /^productId: /],
  [{ origin: '' }, /^origin: /],
  [{ eventId: 'é' }, /^eventId: not 1 to 1,024 ASCII characters$/],
  [{ timeIngest: 'yesterday' }, /^timeIngest: /],
  [{ colour: 'red' }, /^colour: /],
])('%j is wrong', (changes, message) => {
  expect(eventError?.({ ...EVENTS[0], ...changes })).toMatch(message);
});

test('a missing field is wrong, and so is anything that is not an object', () => {
  const { eventId: _, ...rest } = EVENTS[0] ?? { eventId: '' };
  expect(eventError?.(rest)).toMatch(/^eventId: /);
  expect(eventError?.(null)).toMatch(/^it: /);
});
