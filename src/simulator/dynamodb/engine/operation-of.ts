/** A `PutItemCommand` sends "PutItem". Cached by class, as a search asks a million times. */
export function operationOf(command: object): string {
  const made = command.constructor;
  const known = operations.get(made);
  if (known !== undefined) return known;
  const operation = made.name.replace(/Command(\$\d+)?$/, '');
  operations.set(made, operation);
  return operation;
}

const operations = new Map<unknown, string>();
