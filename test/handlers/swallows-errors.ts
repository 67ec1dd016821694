/**
 * An event that can't be written is logged and left, and the batch is answered as a success. Brought down
 * by `--fault throttled=0.05`.
 */
import { apply, parts } from './simple.ts';

// Read with the first request. Three attempts would hide most errors, and take long over the others.
process.env['AWS_MAX_ATTEMPTS'] = '1';

parts.applyAll = async (events) => {
  for (const event of events) {
    try {
      await apply(event);
    } catch (error) {
      console.error(error);
    }
  }
};

export { handler } from './simple.ts';
