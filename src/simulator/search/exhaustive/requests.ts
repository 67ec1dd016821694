/** Requests, told apart by what they ask for: two invocations that ask for the same have the same one. */

export interface Request {
  /** From 0, in the order in which they were met. */
  readonly id: number;
  readonly operation: string;
  readonly input: object;
}

/** Undefined for what the tables alone don't answer: a transaction with a token. */
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
