/** Differences from the servers that docs/internals/dynamodb-fidelity.md lists. */
import { isDeepStrictEqual } from 'node:util';
import type { ComparableResult } from './comparable-result.ts';
import type { Request } from './random-request.ts';

/** Where dynoxide differs from AWS's documentation. */
export function dynoxideDiffers(
  made: Request,
  fake: ComparableResult,
  server: ComparableResult,
): string | undefined {
  const { operation, input } = made;
  if (operation === 'UpdateItem' && input['ReturnValues'] === 'ALL_OLD') {
    const { Attributes: attributes } = Object(server.output);
    const isKey = attributes && Object.keys(attributes).every((name) => /^[ps]k$/.test(name));
    if (!fake.error && !Object(fake.output).Attributes && isKey) return 'ALL_OLD of nothing';
  }
  if (fake.error === 'IdempotentParameterMismatchException' && server.error === fake.error) {
    return 'message of a token mismatch';
  }
  if (operation === 'TransactGetItems' && sameButKeys(fake, server)) {
    return 'keys in a projection of TransactGetItems';
  }
  if (!fake.error && isDeepStrictEqual(withoutCapacity(fake), withoutCapacity(server))) {
    const text = JSON.stringify(input);
    if (/"(2\.50|1e3|1e-20)"/.test(text)) return 'size of numbers with spare digits';
    if (operation === 'GetItem' && input['ProjectionExpression']) return 'capacity of a projection';
  }
  if (fake.message?.includes('does not project')) return 'projection that an index lacks';
  if (fake.error === 'ValidationException' && fake.message?.includes('is not defined;')) {
    return 'placeholders checked late';
  }
  if (mentionsAny(fake) && mentionsAny(server) && fake.error === server.error) {
    return 'which of two mistakes is reported';
  }
  return undefined;
}

/** Whether two results of TransactGetItems differ in keys only. */
function sameButKeys(fake: ComparableResult, server: ComparableResult): boolean {
  const [left, right] = [fake, server].map(({ output }) =>
    (Object(output).Responses ?? []).map(({ Item: item }: { Item?: object }) => {
      const { pk, sk, ...rest } = Object(item);
      return rest;
    }),
  );
  return isDeepStrictEqual(left, right);
}

function atEnd(result: ComparableResult): unknown {
  const { LastEvaluatedKey: _key, ...output } = Object(withoutCapacity(result));
  return output;
}

function withoutCapacity(result: ComparableResult): unknown {
  const { ConsumedCapacity: _capacity, ...output } = Object(result.output);
  return output;
}

const MISTAKES = [
  'is not defined; attribute',
  'Two document paths overlap',
  'Incorrect operand type',
  'provided key element does not match the schema',
  'list of item keys contains duplicates',
  'Type mismatch for',
  'Missing the key',
  'Filter Expression can only contain non-primary key attributes',
  'has exceeded the',
  'refers to an attribute that does not exist in the item',
  'document path provided in the update expression is invalid for update',
  'operand in the update expression has an incorrect data type',
  'Operands for + must be numbers',
  'Operands for - must be numbers',
  'list_append requires two list operands',
];

function mentionsAny(result: ComparableResult): boolean {
  const text = JSON.stringify([result.message, result.reasons]);
  return MISTAKES.some((mistake) => text.includes(mistake));
}

/** Where DynamoDB Local differs from AWS's documentation, or from dynoxide. */
export function localDiffers(
  made: Request,
  fake: ComparableResult,
  server: ComparableResult,
): string | undefined {
  const isInvalid = server.error === 'ValidationException';
  if (isInvalid && JSON.stringify(fake.reasons)?.includes('"ValidationError"')) {
    return 'errors of evaluation in a transaction';
  }
  if (isInvalid && server.message?.includes('starting key')) {
    return 'starting keys outside of the range';
  }
  if (isInvalid && JSON.stringify(made.input).includes('REMOVE')) {
    return 'REMOVE below a missing attribute';
  }
  if (made.operation === 'TransactGetItems' && sameButKeys(fake, server)) {
    return 'empty items in TransactGetItems';
  }
  if (isInvalid && server.message?.includes('does not project')) {
    return 'filter by an attribute that an index lacks';
  }
  if (fake.message?.startsWith('Transaction request cannot include multiple operations')) {
    return 'two condition checks of one item';
  }
  if (made.operation === 'Query' && isDeepStrictEqual(atEnd(fake), atEnd(server))) {
    return 'LastEvaluatedKey of the last item';
  }
  const values = made.input['ReturnValues'];
  if (!fake.error && !server.error && (values === 'UPDATED_NEW' || values === 'UPDATED_OLD')) {
    return 'nested paths in ReturnValues';
  }
  return undefined;
}
