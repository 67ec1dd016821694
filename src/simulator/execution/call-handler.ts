/** Calls a handler, whether it returns a value, a promise, or calls a callback. */
import type { AnyHandler } from './load-handler.ts';

/** Settles when the invocation ends. `calledBack` is called if the handler uses its callback. */
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
    // A handler that declares a callback and returns nothing will call it later.
    else if (!isCalledBack && (returned !== undefined || handler.length < 3)) resolve(returned);
  });
}

export function callbackNote(reference: string): string {
  return `${reference} uses a callback, which Lambda no longer supports from nodejs24.x on`;
}
