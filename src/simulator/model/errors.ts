/** Errors that end a command without a verdict. Only the command line turns their kind into an exit status. */

/**
 * `usage`: the request can't be carried out as given. `unavailable`: a server can't be started or
 * reached. `bug`: a defect of the simulator itself.
 */
export type ErrorKind = 'usage' | 'unavailable' | 'bug';

/** Base class of all expected errors; subclasses live beside the code that throws them. */
export class SimulatorError extends Error {
  readonly kind: ErrorKind;

  constructor(kind: ErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SimulatorError';
    this.kind = kind;
  }
}

/** The kind of any thrown value; everything unexpected is a bug. */
export function errorKind(error: unknown): ErrorKind {
  return error instanceof SimulatorError ? error.kind : 'bug';
}
