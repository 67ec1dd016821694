/** The handler can't be loaded, or doesn't exist. */
export class HandlerUnusable extends Error {
  override readonly name = 'HandlerUnusable';
}
