/** Can't even be loaded. */
export const handler = (): never => {
  throw new Error('never called');
};
throw new Error('nothing to see here');
