/** `process.env` of the current guest: its own, which it may change; nothing of this process's. */
import process from 'node:process';
import { currentGuest } from './guest.ts';

/** Returns a function that restores the real one. */
export function installVariables(): () => void {
  const real = process.env;
  const own = Object.getOwnPropertyDescriptor(process, 'env');
  const virtual = new WeakMap<object, NodeJS.ProcessEnv>();
  Object.defineProperty(process, 'env', {
    configurable: true,
    enumerable: true,
    get() {
      const guest = currentGuest();
      if (guest === undefined) return real;
      const known = virtual.get(guest) ?? asEnvironment(guest.variables);
      virtual.set(guest, known);
      return known;
    },
    set(replacement: NodeJS.ProcessEnv) {
      const guest = currentGuest();
      if (guest !== undefined)
        virtual.set(guest, asEnvironment({ ...replacement } as Record<string, string>));
    },
  });
  return () => {
    if (own !== undefined) Object.defineProperty(process, 'env', own);
  };
}

/** As Node's own: what is set becomes text. */
function asEnvironment(variables: Record<string, string>): NodeJS.ProcessEnv {
  return new Proxy(variables, {
    set(target, name, value) {
      if (typeof name === 'string') target[name] = String(value);
      return true;
    },
    defineProperty(target, name, descriptor) {
      if ('value' in descriptor && typeof name === 'string')
        target[name] = String(descriptor.value);
      return true;
    },
  });
}
