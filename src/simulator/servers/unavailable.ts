/** A local server could not be started: what is wrong, and what would be right. */
export class ServerUnavailable extends Error {
  override readonly name = 'ServerUnavailable';
  readonly server: string;

  constructor(server: string, problem: string, remedy: string, options?: ErrorOptions) {
    super(`${server} can't be started: ${problem}; ${remedy}`, options);
    this.server = server;
  }
}
