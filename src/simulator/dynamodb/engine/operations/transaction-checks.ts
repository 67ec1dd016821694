/** Checks that both kinds of transactions share. */
import { validation } from '../errors.ts';

/** @throws ValidationException */
export function checkActionCount(count: number, countMax: number): void {
  if (count === 0) {
    throw validation(
      "1 validation error detected: Value '[]' at 'transactItems' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
  }
  if (count > countMax) {
    throw validation(
      `1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length less than or equal to ${countMax}`,
    );
  }
}

export function sameItem(): Error {
  return validation('Transaction request cannot include multiple operations on one item');
}
