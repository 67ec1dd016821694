/** A local server could not be started: the problem, and what to do. */
export class ServerUnavailable extends Error {
  override readonly name = 'ServerUnavailable';

  constructor(server: string, problem: string, remedy: string) {
    super(`${server} can't be started: ${problem}; ${remedy}`);
  }
}
