/**
 * Undoes the steps of an opening in reverse order. A step added while it closes is undone at once.
 */
export interface Closing {
  add(close: () => Promise<unknown>): void;
  close(): Promise<void>;
}

export function createClosing(): Closing {
  const steps: (() => Promise<unknown>)[] = [];
  let isClosed = false;
  return {
    add(close) {
      if (isClosed) close().catch(() => {});
      else steps.push(close);
    },
    async close() {
      isClosed = true;
      for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
        await step().catch(() => {});
      }
    },
  };
}
