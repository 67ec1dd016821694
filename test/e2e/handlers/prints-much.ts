/** Right, and talkative: more on both streams than a pipe holds. */
import { handler as quiet } from '../../handlers/simple.ts';

export const handler: typeof quiet = async (event) => {
  for (let line = 0; line < 2_000; line++) {
    console.log('x'.repeat(100));
    console.error('y'.repeat(100));
  }
  return await quiet(event);
};
