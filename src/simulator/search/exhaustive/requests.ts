/** Requests, identified by what they ask for: equal requests of two invocations are one value. */

export interface Request {
  /** From 0, in the order in which they were first made. */
  readonly id: number;
  readonly operation: string;
  readonly input: object;
}

/** Undefined for a transaction with a token, whose result does not depend on the tables alone. */
export type Requests = (operation: string, input: object) => Request | undefined;

export function createRequests(): Requests {
  const known = new Map<string, Request>();
  return (operation, input) => {
    if ('ClientRequestToken' in input) return undefined;
    const key = `${operation} ${JSON.stringify(input)}`;
    const other = known.get(key);
    if (other !== undefined) return other;
    const request = { id: known.size, operation, input };
    known.set(key, request);
    return request;
  };
}
