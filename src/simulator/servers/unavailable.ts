/** A local server could not be started: what is wrong, and what would be right. */
import { SimulatorError } from '../model/errors.ts';

export class ServerUnavailable extends SimulatorError {
  override readonly name = 'ServerUnavailable';
  readonly server: string;

  constructor(server: string, problem: string, remedy: string, options?: ErrorOptions) {
    super('unavailable', `${server} can't be started: ${problem}; ${remedy}`, options);
    this.server = server;
  }
}
