/** Events that are rows: for handlers that are about something else. */
import type { WorkloadDefinition } from '../../../src/index.ts';

interface Entry {
  readonly id: string;
}

export default {
  name: 'entries',
  tables: { Entries: { key: { id: 'S' }, variable: 'ENTRIES' } },
  environment: { POWERTOOLS_SERVICE_NAME: 'entries', LAMBDA_STAGE: 'test', AWS_NODEJS_X: '1' },
  entities: () => ({}),
  generate: ({ count }) => Array.from({ length: count }, (_, at): Entry => ({ id: `e${at}` })),
  identity: ({ id }) => id,
  encode: (entry) => ({ partitionKey: entry.id, data: JSON.stringify(entry) }),
  reference: (entries) => ({ Entries: entries.map(({ id }) => ({ id })) }),
} satisfies WorkloadDefinition<Entry, never>;
