/** Bugs between a write and its answer, and between two writers. */
import type { Mutant } from '../mutant.ts';

const CONCURRENT = {
  subjects: 1,
  partition: 'random',
  batchSize: 1,
  shards: 2,
  parallelizationFactor: 3,
} as const;
const SEND_TRANSACTION =
  'await client.send(new TransactWriteItemsCommand({ TransactItems: actions }), { abortSignal });';

export const WRITES: readonly Mutant[] = [
  {
    name: 'switch-without-turn',
    what: 'a switch is not conditioned on the turn',
    file: 'dynamodb/updates.ts',
    find: 'if (turn !== undefined) update.requireNumber(PRODUCT.turn, turn);',
    replace: '',
    symptom: 'the former contributor is debited a score that has changed since',
    caughtBy: ['invariant', 'divergence'],
    options: CONCURRENT,
  },
  {
    name: 'page-without-marker',
    what: 'the commit of a page is not conditioned on the recount',
    file: 'dynamodb/updates.ts',
    find: "ConditionExpression: '#recount = :seen',",
    replace: "ConditionExpression: '#recount = :seen OR attribute_not_exists(unseen)',",
    symptom: 'two invocations count the same page, and both add it',
    caughtBy: ['divergence', 'liveness'],
    options: {
      ...CONCURRENT,
      faults: { 'answer-lost': 0.2, 'internal-error-after': 0.2, 'small-pages': 0.5 },
    },
  },
  {
    name: 'retry-without-token',
    what: 'after a lost answer the scores are sent again, without a token or a condition',
    file: 'dynamodb/writes.ts',
    find: SEND_TRANSACTION,
    replace: `await client
        .send(new TransactWriteItemsCommand({ TransactItems: actions }), { abortSignal })
        .catch(async (error: Error) => {
          if (error.name !== 'TimeoutError') throw error;
          const again = actions.slice(transfers.length);
          await client.send(new TransactWriteItemsCommand({ TransactItems: again }), { abortSignal });
        });`,
    symptom: 'sales are counted twice',
    caughtBy: ['invariant', 'divergence'],
    options: { faults: { 'answer-lost': 0.3 } },
  },
  {
    name: 'token-for-everything',
    what: 'all transactions have the same token, which DynamoDB refuses for other content',
    file: 'dynamodb/writes.ts',
    find: SEND_TRANSACTION,
    replace: `await client.send(
        new TransactWriteItemsCommand({ TransactItems: actions, ClientRequestToken: 'winner-view' }),
        { abortSignal },
      );`,
    symptom: 'a shard stops',
    caughtBy: ['liveness'],
    options: { batchSize: 1 },
  },
  {
    name: 'token-after-ten-minutes',
    what: 'the turn is in the token instead of the condition, and a token expires after 10 minutes',
    file: 'dynamodb/writes.ts',
    find: SEND_TRANSACTION,
    replace: `const ClientRequestToken = transfers.map(({ productId, turn }) => productId + turn).join().slice(-36);
      for (const { Update } of actions) {
        if (Update.ConditionExpression) Update.ConditionExpression += ' OR attribute_exists(productId)';
      }
      await client.send(new TransactWriteItemsCommand({ TransactItems: actions, ClientRequestToken }), { abortSignal });`,
    symptom: 'a late or repeated request is counted again',
    caughtBy: ['invariant', 'divergence'],
    // No small history lasts for ten minutes, so a token lasts for half a second.
    options: { subjects: 1, batchSize: 4, limits: { tokenMs: 500 }, faults: { 'lands-late': 0.4 } },
  },
  {
    name: 'token-of-the-scores',
    what: 'the token is made of the scores alone, so a later change of the same size has the same token',
    file: 'dynamodb/writes.ts',
    find: SEND_TRANSACTION,
    replace: `const [first, ...others] = actions;
      const ClientRequestToken = scores.map(({ role, change }) => \`\${role}\${change}\`).join().slice(0, 36);
      const TransactItems = others.slice(-scores.length);
      await client.send(new TransactWriteItemsCommand({ TransactItems, ClientRequestToken }), { abortSignal });
      if (first) await client.send(new TransactWriteItemsCommand({ TransactItems: [first, ...others.slice(0, -scores.length)] }), { abortSignal });`,
    symptom: 'the second sale of a kind is not counted',
    caughtBy: ['invariant', 'divergence', 'liveness'],
    options: { batchSize: 1 },
  },
  {
    name: 'scores-outside-the-transaction',
    what: 'the scores are changed after the transaction on the products',
    file: 'dynamodb/writes.ts',
    find: SEND_TRANSACTION,
    replace: `const owed = actions.splice(transfers.length);
      for (const TransactItems of [actions, owed]) {
        await client.send(new TransactWriteItemsCommand({ TransactItems }), { abortSignal });
      }`,
    symptom: 'a crash between the two loses sales',
    caughtBy: ['invariant', 'divergence'],
    options: { faults: { crash: 0.1 } },
  },
  {
    name: 'unrefused-is-transferred',
    what: 'products that a cancelled transaction was not refused for count as transferred',
    file: 'batch/transfer-scores.ts',
    find: 'const failed = refused.length > 0 ? refused : group;',
    replace: `const failed = refused.length > 0 ? refused : group;
  for (const each of group) if (!failed.includes(each)) complete(each.task, { kind: 'scores-transferred' }, context);`,
    symptom: 'sales are in no score because of a conflict about another product',
    caughtBy: ['divergence'],
    options: {
      subjects: 2,
      shards: 1,
      parallelizationFactor: 1,
      batchSize: 10,
      limits: {},
      faults: { conflict: 0.4 },
    },
  },
  {
    name: 'cancellation-misread',
    what: 'a transaction that is cancelled for a conflict counts as made by another invocation',
    file: 'batch/transfer-scores.ts',
    find: "if (outcome.kind === 'done') {",
    replace: "if (outcome.kind === 'done' || (outcome.kind === 'conflict' && outcome.refused)) {",
    symptom: 'sales are in no score because of a conflict',
    caughtBy: ['divergence'],
    options: { subjects: 1, limits: {}, faults: { conflict: 0.4 } },
  },
  {
    name: 'revision-not-bumped',
    what: 'a commit does not increment the revision',
    file: 'dynamodb/updates.ts',
    find: 'const next = revision + 1;',
    replace: 'const next = revision;',
    symptom: 'copies are counted again',
    caughtBy: ['divergence', 'invariant', 'liveness'],
    options: {},
  },
  {
    name: 'pending-dropped',
    what: 'a commit replaces pending purchases without writing their rows',
    file: 'batch/product-task.ts',
    find: 'product.pending.length > 0 && (isCommitting || !task.tidied);',
    replace: 'product.pending.length > 0 && !isCommitting && !task.tidied;',
    symptom: 'after a crash a purchase is counted twice',
    caughtBy: ['divergence', 'invariant'],
    options: { ...CONCURRENT, limits: {}, faults: { crash: 0.15 } },
  },
  {
    name: 'pending-ignored',
    what: 'a purchase that is committed but has no row yet counts as a new one',
    file: 'batch/product-task.ts',
    find: 'if (committed.has(eventId)) {',
    replace: 'if (stored.has(eventId)) {',
    symptom: 'after a crash a purchase is counted twice',
    caughtBy: ['divergence', 'invariant'],
    options: { faults: { crash: 0.1 } },
  },
  {
    name: 'pending-cleared-early',
    what: 'a task that has written its own rows takes all pending purchases for written',
    file: 'batch/product-task.ts',
    find: 'task.unwritten = task.written === product.revision ? [] : undefined;',
    replace: 'task.unwritten = task.written > 0 ? [] : undefined;',
    symptom: 'after a crash a purchase is counted twice, or has no row',
    caughtBy: ['divergence', 'invariant'],
    options: {
      ...CONCURRENT,
      batchSize: 4,
      limits: { handler: { purchasesPerWrite: 1 } },
      faults: { 'answer-lost': 0.2, throttled: 0.2 },
    },
  },
  {
    name: 'tidied-after-a-lost-answer',
    what: 'a task that had written its rows once still assumes so after a lost answer',
    file: 'batch/product-task.ts',
    find: 'else task.tidied = false;',
    replace: '',
    symptom: 'a purchase has no row, or is counted twice',
    caughtBy: ['divergence', 'invariant'],
    options: {
      subjects: 1,
      batchSize: 10,
      limits: { handler: { purchasesPerWrite: 1 } },
      faults: { 'answer-lost': 0.3, throttled: 0.2 },
    },
  },
  {
    name: 'recount-overwritten',
    what: 'a contributor is replaced during its recount',
    file: 'batch/product-task.ts',
    find: 'const first = isCommitting ? recounts.find(({ role }) => switching.includes(role)) : recounts[0];',
    replace: 'const first = isCommitting ? undefined : recounts[0];',
    symptom: 'the rest of the recount credits no user',
    caughtBy: ['divergence', 'liveness'],
    options: { ...CONCURRENT, faults: { crash: 0.1, 'small-pages': 0.5, slow: 0.2 } },
  },
  {
    name: 'recount-postponed',
    what: 'a recount is made only before another switch',
    file: 'batch/product-task.ts',
    find: 'recounts.find(({ role }) => switching.includes(role)) : recounts[0];',
    replace: 'recounts.find(({ role }) => switching.includes(role)) : undefined;',
    symptom: 'a score is too low until the next registration',
    caughtBy: ['divergence'],
    options: {},
  },
];
