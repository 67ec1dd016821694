/** What goes wrong between a write and its answer, or between two writers. */
import type { Mutant } from '../mutant.ts';

const CONCURRENT = {
  subjects: 1,
  partition: 'random',
  batchSize: 1,
  shards: 2,
  parallelizationFactor: 3,
} as const;
const SEND_TRANSACTION = `await client.send(new TransactWriteItemsCommand({ TransactItems: actions }), {
        abortSignal,
      });`;

export const WRITES: readonly Mutant[] = [
  {
    name: 'switch-without-turn',
    what: 'a switch moves what is settled into a debt, whoever has settled in the meantime',
    file: 'updates.ts',
    find: 'if (turn !== undefined) update.requireNumber(PRODUCT.turn, turn);',
    replace: '',
    symptom: 'the former contributor is debited what it had a moment ago',
    caughtBy: ['invariant', 'divergence'],
    options: CONCURRENT,
  },
  {
    name: 'page-without-marker',
    what: 'two count the same page at once, and both add it',
    file: 'tables.ts',
    find: "ConditionExpression: '#recount = :seen',",
    replace: "ConditionExpression: '#recount = :seen OR attribute_not_exists(unseen)',",
    symptom: 'a page of sales is counted twice',
    caughtBy: ['divergence', 'liveness'],
    options: {
      ...CONCURRENT,
      faults: { 'answer-lost': 0.2, 'internal-error-after': 0.2, 'small-pages': 0.5 },
    },
  },
  {
    name: 'retry-without-token',
    what: 'after a lost answer the scores are sent again, without a token or a condition',
    file: 'tables.ts',
    find: SEND_TRANSACTION,
    replace: `await client
        .send(new TransactWriteItemsCommand({ TransactItems: actions }), { abortSignal })
        .catch(async (error: Error) => {
          if (error.name !== 'TimeoutError') throw error;
          const again = actions.slice(settlements.length);
          await client.send(new TransactWriteItemsCommand({ TransactItems: again }), { abortSignal });
        });`,
    symptom: 'sales are counted twice',
    caughtBy: ['invariant', 'divergence'],
    options: { faults: { 'answer-lost': 0.3 } },
  },
  {
    name: 'token-for-everything',
    what: 'one token for all transactions: of other content it is refused',
    file: 'tables.ts',
    find: SEND_TRANSACTION,
    replace: `await client.send(
        new TransactWriteItemsCommand({ TransactItems: actions, ClientRequestToken: 'winner-view' }),
        { abortSignal },
      );`,
    symptom: 'a shard stands still',
    caughtBy: ['liveness'],
    options: { batchSize: 1 },
  },
  {
    name: 'token-after-ten-minutes',
    what: 'the turn is in the token, and no longer a condition: after 10 minutes the token is new',
    file: 'tables.ts',
    find: SEND_TRANSACTION,
    replace: `const ClientRequestToken = settlements.map(({ productId, turn }) => productId + turn).join().slice(-36);
      for (const { Update } of actions) {
        if (Update.ConditionExpression) Update.ConditionExpression += ' OR attribute_exists(productId)';
      }
      await client.send(new TransactWriteItemsCommand({ TransactItems: actions, ClientRequestToken }), { abortSignal });`,
    symptom: 'a request that comes late, or again, is counted again',
    caughtBy: ['invariant', 'divergence'],
    // Nothing in a small history lasts for ten minutes: they are half a second.
    options: { subjects: 1, batchSize: 4, limits: { tokenMs: 500 }, faults: { 'lands-late': 0.4 } },
  },
  {
    name: 'token-of-the-scores',
    what: 'a token made of the scores alone, used again for a later change of the same size',
    file: 'tables.ts',
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
    what: 'the scores are changed after the transaction that says so',
    file: 'tables.ts',
    find: SEND_TRANSACTION,
    replace: `const owed = actions.splice(settlements.length);
      for (const TransactItems of [actions, owed]) {
        await client.send(new TransactWriteItemsCommand({ TransactItems }), { abortSignal });
      }`,
    symptom: 'a crash in between loses sales',
    caughtBy: ['invariant', 'divergence'],
    options: { faults: { crash: 0.1 } },
  },
  {
    name: 'unblamed-is-settled',
    what: 'the products of a cancelled transaction that no reason names are taken for settled',
    file: 'settle.ts',
    find: 'const tasks = (blamed.length > 0 ? blamed : group).map(({ task }) => task);',
    replace: `const tasks = (blamed.length > 0 ? blamed : group).map(({ task }) => task);
    for (const { task } of group) if (!tasks.includes(task)) progress.done.add(task);`,
    symptom: 'sales are in no score because another product was in the way',
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
    what: 'a condition or a conflict among the reasons of a cancelled transaction is read as: somebody else has done it',
    file: 'settle.ts',
    find: 'const blamed =\n',
    replace: `const codes = error instanceof TransactionCanceledException ? error.CancellationReasons ?? [] : [];
    if (codes.some(({ Code }) => ['ConditionalCheckFailed', 'TransactionConflict'].includes(Code))) {
      for (const { task } of group) progress.done.add(task);
      return;
    }
    const blamed =\n`,
    symptom: 'sales are in no score, because another write was in the way',
    caughtBy: ['divergence'],
    options: { subjects: 1, limits: {}, faults: { conflict: 0.4 } },
  },
  {
    name: 'revision-not-bumped',
    what: 'recording leaves the revision as it is',
    file: 'updates.ts',
    find: 'const next = revision + 1;',
    replace: 'const next = revision;',
    symptom: 'copies are counted again',
    caughtBy: ['divergence', 'invariant', 'liveness'],
    options: {},
  },
  {
    name: 'pending-dropped',
    what: "recording replaces a predecessor's pending purchases without writing their rows",
    file: 'task.ts',
    find: 'product.pending.length > 0 && (recording || !task.tidied);',
    replace: 'product.pending.length > 0 && !recording && !task.tidied;',
    symptom: 'after a crash a purchase is counted twice',
    caughtBy: ['divergence', 'invariant'],
    options: { ...CONCURRENT, limits: {}, faults: { crash: 0.15 } },
  },
  {
    name: 'pending-not-looked-at',
    what: 'a purchase that is recorded but has no row yet is taken for a new one',
    file: 'task.ts',
    find: 'if (found.has(eventId) || pending.has(eventId)) {',
    replace: 'if (found.has(eventId)) {',
    symptom: 'after a crash a purchase is counted twice',
    caughtBy: ['divergence', 'invariant'],
    options: { faults: { crash: 0.1 } },
  },
  {
    name: 'pending-cleared-early',
    what: "a task that has written its own rows takes everybody's pending purchases for written",
    file: 'task.ts',
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
    what: 'a task that had written its rows once believes so after a lost answer',
    file: 'task.ts',
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
    what: 'a contributor is replaced while its purchases are still being recounted',
    file: 'task.ts',
    find: 'const first = recording ? interrupted.find((role) => switching.includes(role)) : interrupted[0];',
    replace: 'const first = recording ? undefined : interrupted[0];',
    symptom: 'the rest of the recount is credited to nobody',
    caughtBy: ['divergence', 'liveness'],
    options: { ...CONCURRENT, faults: { crash: 0.1, 'small-pages': 0.5, slow: 0.2 } },
  },
  {
    name: 'recount-left-to-the-next',
    what: 'a recount is done only before another switch',
    file: 'task.ts',
    find: 'interrupted.find((role) => switching.includes(role)) : interrupted[0];',
    replace: 'interrupted.find((role) => switching.includes(role)) : undefined;',
    symptom: 'a score stays behind until somebody registers again',
    caughtBy: ['divergence'],
    options: {},
  },
];
