/** Requests, told apart by what they ask for: two invocations that ask for the same have the same one. */

export interface Request {
  /** From 0, in the order in which they were met. */
  readonly id: number;
  readonly operation: string;
  readonly input: object;
}

export type Requests = (operation: string, input: object) => Request;

/** @throws Error for what can't be answered from the tables alone */
export function createRequests(): Requests {
  const known = new Map<string, Request>();
  return (operation, input) => {
    if ((input as { ClientRequestToken?: unknown }).ClientRequestToken !== undefined) {
      throw new Error('a token has a memory beside the tables: its schedules can’t be searched');
    }
    const key = `${operation} ${JSON.stringify(input)}`;
    const other = known.get(key);
    if (other !== undefined) return other;
    const request = { id: known.size, operation, input };
    known.set(key, request);
    return request;
  };
}
