/**
 * A sequence of numbers from which a request is built. Each choice takes the next number; an
 * exhausted sequence chooses the first option. Thus fast-check shrinks a request by shrinking
 * numbers.
 */
export interface ChoiceSequence {
  readonly numbers: readonly number[];
  at: number;
  /** Makes no mistakes: dynoxide checks for fewer of them in transactions and filters. */
  careful: boolean;
  /** How often each label was marked: the coverage of a run. */
  readonly seen: Map<string, number>;
}

export function choose<T>(choices: ChoiceSequence, list: readonly T[]): T {
  const number = choices.numbers[choices.at] ?? 0;
  choices.at++;
  return list[number % list.length] as T;
}

/** True once in `oneIn` times; never on an exhausted sequence. */
export function seldom(choices: ChoiceSequence, oneIn: number): boolean {
  const number = choices.numbers[choices.at] ?? 0;
  choices.at++;
  return number % oneIn === oneIn - 1;
}

/** Like `seldom`, for choices that make a request invalid. */
export function mistake(choices: ChoiceSequence, oneIn: number): boolean {
  return seldom(choices, oneIn) && !choices.careful;
}

export function mark(choices: ChoiceSequence, label: string): void {
  choices.seen.set(label, (choices.seen.get(label) ?? 0) + 1);
}
