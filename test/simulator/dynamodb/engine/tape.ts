/**
 * A tape of numbers from which a request is built: each choice takes the next number, an empty
 * tape always chooses the first. So fast-check shrinks a request by shrinking numbers.
 */
export interface Tape {
  readonly numbers: readonly number[];
  at: number;
  /** Whether mistakes are left out: dynoxide looks for fewer of them in transactions and filters. */
  careful: boolean;
  /** What was chosen, by label: the coverage of a run. */
  readonly seen: Map<string, number>;
}

export function choose<T>(tape: Tape, list: readonly T[]): T {
  const number = tape.numbers[tape.at] ?? 0;
  tape.at++;
  return list[number % list.length] as T;
}

/** True once in `oneIn` times; never on an empty tape. */
export function seldom(tape: Tape, oneIn: number): boolean {
  const number = tape.numbers[tape.at] ?? 0;
  tape.at++;
  return number % oneIn === oneIn - 1;
}

/** As `seldom`, for what makes a request invalid. */
export function mistake(tape: Tape, oneIn: number): boolean {
  return seldom(tape, oneIn) && !tape.careful;
}

export function see(tape: Tape, label: string): void {
  tape.seen.set(label, (tape.seen.get(label) ?? 0) + 1);
}
