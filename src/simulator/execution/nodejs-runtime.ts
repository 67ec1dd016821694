/**
 * What Lambda's runtime for `nodejs24.x` does with a handler: which functions it takes, what it passes to them, and
 * what their result is. Every world uses it, so that a handler behaves in all of them as it does there.
 */

/** As the runtime calls it: it waits for what is returned, and for nothing else. */
export type Handler = (event: unknown, context: unknown) => unknown;

/** `FILE` is for messages. Throws an error whose message says what to change. */
export function handlerOf(
  module: Readonly<Record<string, unknown>>,
  exportName: string | undefined,
  file: string,
): Handler {
  const handler = exportOf(module, exportName);
  const wanted = exportName ?? 'handler';
  if (handler === undefined) {
    const names = Object.keys(module).filter(
      (name) => !['default', 'module.exports'].includes(name),
    );
    const list = names.length === 0 ? 'nothing by name' : names.join(', ');
    throw new Error(`${file} exports no "${wanted}"; it exports ${list}`);
  }
  if (typeof handler !== 'function') {
    throw new Error(`"${wanted}" of ${file} is not a function, but of type ${typeof handler}`);
  }
  if (handler.length >= 3) {
    throw new Error(
      `"${wanted}" of ${file} takes a callback (it has ${handler.length} parameters): nodejs24.x refuses such ` +
        'handlers with Runtime.CallbackHandlerDeprecated; make it async, with (event, context)',
    );
  }
  return handler as Handler;
}

/** CommonJS exports that Node doesn't see from outside are on the default export. */
function exportOf(module: Readonly<Record<string, unknown>>, exportName?: string): unknown {
  const fallback = module['default'];
  const byName = (name: string): unknown =>
    module[name] ??
    ((typeof fallback === 'object' || typeof fallback === 'function') && fallback !== null
      ? (fallback as Readonly<Record<string, unknown>>)[name]
      : undefined);
  if (exportName !== undefined) return byName(exportName);
  return byName('handler') ?? (typeof fallback === 'function' ? fallback : undefined);
}

/** Resolves with what the caller receives. Rejects as the invocation fails. */
export async function invokeHandler(
  handler: Handler,
  event: unknown,
  context: unknown,
): Promise<unknown> {
  const result = await handler(event, context);
  let text: string | undefined;
  try {
    text = JSON.stringify(result);
  } catch (error) {
    const { message } = error as Error;
    throw Object.assign(new Error(`the result has no JSON: ${message}`), {
      name: 'Runtime.JSONStringifyError',
    });
  }
  return text === undefined ? null : JSON.parse(text);
}
