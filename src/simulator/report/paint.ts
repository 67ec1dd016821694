import type pc from 'picocolors';

/** Dresses texts in the colours of a terminal, or leaves them as they are. */
export type Paint = ReturnType<typeof pc.createColors>;
