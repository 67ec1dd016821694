/** What a handler finds beside its tables: other services, and its own environment variables. */

/** An operation's input or output, as the SDK's command has it. */
export type ServiceData = Readonly<Record<string, unknown>>;

/** An output, or a function that makes it from the input. What it throws is the service's error, by its name. */
export type ServiceAnswer =
  | ServiceData
  | ((input: ServiceData) => ServiceData | Promise<ServiceData>);

/**
 * By service, as in the package names of the SDK (`ssm`, `secrets-manager`), and operation: `GetParameter`. Of what is
 * not AWS's, by host, and by method or `*`.
 */
export type Services = Readonly<Record<string, Readonly<Record<string, ServiceAnswer>>>>;

/** Environment variables by name. */
export type Variables = Readonly<Record<string, string>>;
