/** As much of Jest as the checker's tests use, without its modules: tests are collected, then run. */
export { expect } from 'expect';

type Body = (...row: never[]) => unknown;
let collected: { readonly name: string; readonly body: () => unknown }[] = [];

export const describe = (_name: string, body: () => void): void => body();

export const test = Object.assign(
  (name: string, body: () => unknown): void => {
    collected.push({ name, body });
  },
  {
    each: (rows: readonly unknown[]) => (name: string, body: Body) => {
      for (const row of rows) {
        const words = (Array.isArray(row) ? row : [row]) as never[];
        collected.push({ name: name.replace('%s', String(words[0])), body: () => body(...words) });
      }
    },
  },
);

/** The names of those that fail, of what was collected since the last time. */
export async function runTests(): Promise<readonly string[]> {
  const tests = collected;
  collected = [];
  const failed: string[] = [];
  for (const { name, body } of tests) {
    try {
      await body();
    } catch {
      failed.push(name);
    }
  }
  return failed;
}
