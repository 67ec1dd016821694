/** Calls a handler of any style. Pure but for the handler. */
import type { AnyHandler } from './load-handler.ts';

/** Settles as the invocation does; `calledBack` tells of a handler that answers by callback. */
export function callHandler(
  handler: AnyHandler,
  event: unknown,
  context: unknown,
  calledBack: () => void,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    let isCalledBack = false;
    const callback = (error: unknown, value?: unknown): void => {
      isCalledBack = true;
      calledBack();
      if (error === undefined || error === null) resolve(value);
      else reject(error);
    };
    const returned = handler(event, context, callback);
    const isPromise = typeof (returned as { then?: unknown } | undefined)?.then === 'function';
    if (isPromise) Promise.resolve(returned).then(resolve, reject);
    // A handler that takes a callback answers by it; any other has answered by returning.
    else if (!isCalledBack && (returned !== undefined || handler.length < 3)) resolve(returned);
  });
}

export function callbackNote(reference: string): string {
  return `${reference} answers by callback, which Lambda no longer takes from nodejs24.x on`;
}
