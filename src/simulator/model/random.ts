/** A source of randomness: each call returns a number in [0, 1) with 32 random bits. */
export type Random = () => number;
