import type pc from 'picocolors';

/** Colours texts for a terminal, or leaves them unchanged. */
export type Paint = ReturnType<typeof pc.createColors>;
