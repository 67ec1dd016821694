/** Gives each worker its own copies of a handler's modules, but not of packages. */
import { createRequire, registerHooks } from 'node:module';

const WORKER = 'simulated-worker';
/** Counts the workers of this process. */
let workers = 0;

/** The query that identifies the modules of a new worker. */
export function newWorkerQuery(): string {
  return `?${WORKER}=${++workers}`;
}

/** Makes each import of a worker's module a worker's module. Returns a function that undoes it. */
export function installModuleHooks(): () => void {
  const hooks = registerHooks({ resolve: resolveForWorker });
  return () => hooks.deregister();
}

type Resolve = NonNullable<Parameters<typeof registerHooks>[0]['resolve']>;

const resolveForWorker: Resolve = (specifier, context, next) => {
  const resolved = next(specifier, context);
  const query = context.parentURL?.match(new RegExp(`\\?${WORKER}=\\d+$`))?.[0];
  const isOwn =
    query !== undefined &&
    resolved.url.startsWith('file:') &&
    !resolved.url.includes('/node_modules/') &&
    !resolved.url.includes('?');
  return isOwn ? { ...resolved, url: resolved.url + query } : resolved;
};

/** CommonJS modules by file; they have no queries. */
const commonJs = createRequire(import.meta.url).cache;

/** Returns a function that makes CommonJS modules loaded since then load again. */
export function commonJsForgetter(): () => void {
  const before = new Set(Object.keys(commonJs));
  return () => {
    for (const file of Object.keys(commonJs)) {
      if (before.has(file) || file.includes('/node_modules/')) continue;
      Reflect.deleteProperty(commonJs, file);
    }
  };
}
