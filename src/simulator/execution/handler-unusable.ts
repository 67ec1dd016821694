/** The handler can't be loaded, or doesn't exist. */
import { SimulatorError } from '../model/errors.ts';
import { ownPlaceIn, type SourceLines } from './source-lines.ts';

export class HandlerUnusable extends SimulatorError {
  override readonly name = 'HandlerUnusable';

  constructor(message: string) {
    super('usage', message);
  }
}

/** Its module threw: one line with the place, where that is known. */
export function cannotBeLoaded(
  entry: string,
  error: unknown,
  lines: Pick<SourceLines, 'translate'>,
): HandlerUnusable {
  const { name, message, stack = '' } = error instanceof Error ? error : new Error(String(error));
  const translated = lines.translate(stack);
  // A stack begins with the place where the syntax is wrong.
  const place = /^(?:file:\/\/)?(\/.+:\d+)\n/.exec(translated)?.[1] ?? ownPlaceIn(translated);
  const at = place === undefined ? '' : ` (${place})`;
  return new HandlerUnusable(`${entry} can't be loaded: ${name}: ${message}${at}`);
}
