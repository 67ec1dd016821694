/**
 * Failures that are nobody's verdict on the view: each says of which kind it is, and the command
 * line alone turns the kind into an exit status.
 */

/**
 * `usage`: what was asked for can't be done as it was asked. `unavailable`: a server couldn't be
 * started or reached. `bug`: our own mistake.
 */
export type FailureKind = 'usage' | 'unavailable' | 'bug';

/** The option whose value was refused, and where that value was written. */
export interface OptionPlace {
  /** As typed on the command line, without its dashes. */
  readonly flag: string;
  /** The path of the configuration file that sets it; undefined: the command line. */
  readonly configFile: string | undefined;
}

export class SimulatorError extends Error {
  readonly kind: FailureKind;
  readonly option: OptionPlace | undefined;

  constructor(
    kind: FailureKind,
    message: string,
    { option, ...options }: ErrorOptions & { readonly option?: OptionPlace } = {},
  ) {
    super(message, options);
    this.name = 'SimulatorError';
    this.kind = kind;
    this.option = option;
  }
}

/** Errors with classes of their own, by name, so that nobody has to import whoever throws them. */
const KINDS_BY_NAME: Readonly<Record<string, FailureKind>> = {
  ServerUnavailable: 'unavailable',
  ServerUnreachable: 'unavailable',
  PushFailed: 'unavailable',
  HandlerUnusable: 'usage',
};

/** The kind of anything thrown; what nobody foresaw is our own bug. */
export function failureKind(error: unknown): FailureKind {
  if (error instanceof SimulatorError) return error.kind;
  if (!(error instanceof Error) || !Object.hasOwn(KINDS_BY_NAME, error.name)) return 'bug';
  return KINDS_BY_NAME[error.name] ?? 'bug';
}
