import { NotSimulated } from '../../../model/not-simulated.ts';

/** @throws NotSimulated if the input has one of these legacy parameters. */
export function refuseParameters(input: object, names: readonly string[]): void {
  for (const name of names) {
    if ((input as Record<string, unknown>)[name] !== undefined) {
      throw new NotSimulated(`the legacy parameter ${name} of DynamoDB`);
    }
  }
}
