/** A view whose functions throw where the variable THROWS names them. */
const throwing = <Value>(name: string, value: Value): Value => {
  if (process.env['THROWS'] === name) throw new RangeError(`no ${name} today`);
  return value;
};

export default {
  name: 'throws',
  tables: { Seen: { key: { id: 'S' } } },
  entities: () => throwing('entities', {}),
  generate: ({ count }: { count: number }) =>
    throwing(
      'generate',
      Array.from({ length: count }, (_, at) => ({ id: `${at}` })),
    ),
  identity: ({ id }: { id: string }) => id,
  encode: ({ id }: { id: string }) => throwing('encode', { partitionKey: id, data: id }),
  reference: () => throwing('reference', { Seen: [] }),
  watch: () => ({
    wrote: () => undefined,
    committed: () => undefined,
    checkpointed: () => throwing('checkpointed', undefined),
  }),
};
