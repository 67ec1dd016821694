/**
 * Errors that end a command without a verdict. Only the command line turns their kind into an exit
 * status.
 */

/**
 * `usage`: the request can't be carried out as given. `unavailable`: a server can't be started or
 * reached. `bug`: a defect of the simulator itself.
 */
export type ErrorKind = 'usage' | 'unavailable' | 'bug';

/** The option whose value was refused, and where that value was written. */
export interface OptionPlace {
  /** As typed on the command line, without its dashes. */
  readonly flag: string;
  /** The path of the configuration file that sets it; undefined: the command line. */
  readonly configFile: string | undefined;
}

/** Base class of all expected errors; subclasses live beside the code that throws them. */
export class SimulatorError extends Error {
  readonly kind: ErrorKind;
  readonly option: OptionPlace | undefined;

  constructor(
    kind: ErrorKind,
    message: string,
    { option, ...options }: ErrorOptions & { readonly option?: OptionPlace } = {},
  ) {
    super(message, options);
    this.name = 'SimulatorError';
    this.kind = kind;
    this.option = option;
  }
}

/** The kind of any thrown value; everything unexpected is a bug. */
export function errorKind(error: unknown): ErrorKind {
  return error instanceof SimulatorError ? error.kind : 'bug';
}
