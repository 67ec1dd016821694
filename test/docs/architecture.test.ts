/** ARCHITECTURE.md lists the blocks of the diagram that the architecture test enforces. */
import { expect, test } from '@jest/globals';
import { BLOCKS } from '../architecture/rules.ts';
import { readDocument } from './documents.ts';

test('the blocks, in the order in which they may import each other', () => {
  const listed = [...readDocument('ARCHITECTURE.md').matchAll(/^\| \[`([^`]+)`\]\(/gm)].map(
    ([, block]) => block,
  );
  expect(listed).toEqual(BLOCKS);
});
