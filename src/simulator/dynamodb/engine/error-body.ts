/** The body of the error response that an exception stands for. */
export function errorBody(error: Error): Readonly<Record<string, unknown>> {
  const { name, message } = error;
  const { CancellationReasons, Item } = error as Partial<Record<string, unknown>> & Error;
  return {
    __type: name,
    message,
    ...(CancellationReasons === undefined ? {} : { CancellationReasons }),
    // The item whose condition failed, if the request asked for it.
    ...(Item === undefined ? {} : { Item }),
  };
}
