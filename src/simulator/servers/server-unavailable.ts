/** A local server could not be started: the problem, and what to do. */
import { SimulatorError } from '../model/errors.ts';

export class ServerUnavailable extends SimulatorError {
  override readonly name = 'ServerUnavailable';

  constructor(server: string, problem: string, remedy: string) {
    super('unavailable', `${server} can't be started: ${problem}; ${remedy}`);
  }
}
