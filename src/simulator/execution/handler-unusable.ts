/** The handler can't be loaded, or doesn't exist. */
import { SimulatorError } from '../model/errors.ts';

export class HandlerUnusable extends SimulatorError {
  override readonly name = 'HandlerUnusable';

  constructor(message: string) {
    super('usage', message);
  }
}
