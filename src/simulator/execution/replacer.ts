/** Replaces functions of Node's modules and globals, and puts them back. */
import { syncBuiltinESMExports } from 'node:module';

export type Replaceable = (...parameters: never[]) => unknown;

export type Replace = (
  holder: object,
  name: string,
  replacement: (real: Replaceable) => unknown,
) => void;

export interface Replacer {
  /** What isn't a function of the holder is left alone: Node's versions differ. */
  readonly replace: Replace;
  /** Makes what was replaced in Node's modules visible to `import`. */
  publish(): void;
  restore(): void;
}

export function createReplacer(): Replacer {
  const undo: (() => void)[] = [];
  return {
    replace(holder, name, replacement) {
      const own = Object.getOwnPropertyDescriptor(holder, name);
      const real = (holder as Readonly<Record<string, unknown>>)[name];
      if (typeof real !== 'function') return;
      const value = replacement(real as Replaceable);
      const enumerable = own?.enumerable ?? true;
      Object.defineProperty(holder, name, {
        value,
        enumerable,
        configurable: true,
        writable: true,
      });
      undo.push(() => {
        if (own === undefined) Reflect.deleteProperty(holder, name);
        else Object.defineProperty(holder, name, own);
      });
    },
    publish: syncBuiltinESMExports,
    restore() {
      for (const putBack of undo.splice(0).reverse()) putBack();
      syncBuiltinESMExports();
    },
  };
}
