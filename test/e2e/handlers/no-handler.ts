/** Exports something else. */
export const handle = async (): Promise<null> => null;
