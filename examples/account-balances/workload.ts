/**
 * Account balances from transfers: a view that has nothing to do with retail. Money moves between accounts; the
 * view keeps each account's balance, and a ledger of the transfers.
 *
 *   npx simulate --workload examples/account-balances/workload.ts \
 *     --handler examples/account-balances/handler.ts --shuffle
 */
import type { Row, WorkloadDefinition } from 'winner-view';

export interface Transfer {
  readonly transferId: string;
  readonly from: string;
  readonly to: string;
  /** Cents. */
  readonly amount: number;
}

export default {
  name: 'account-balances',

  // What the handler finds in TABLE_BALANCES_NAME and TABLE_TRANSFERS_NAME.
  tables: {
    Balances: { key: { account: 'S' } },
    Transfers: { key: { transferId: 'S' } },
  },

  // The only chance is `roll`, so that a seed repeats everything.
  generate({ count, users, roll }) {
    const accounts = Math.max(2, users);
    return Array.from({ length: count }, (_, at): Transfer => {
      const from = Math.floor(roll() * accounts);
      const other = (from + 1 + Math.floor(roll() * (accounts - 1))) % accounts;
      return {
        transferId: `t-${at}`,
        from: `account-${from}`,
        to: `account-${other}`,
        amount: 1 + Math.floor(roll() * 10_000),
      };
    });
  },

  identity: ({ transferId }) => transferId,

  // Transfers of one account in one shard: what a producer would do, and no help to the view.
  encode: (transfer, copy) => ({
    partitionKey: transfer.from,
    data: JSON.stringify({ ...transfer, attempt: copy }),
  }),

  // As dumb as can be: add and subtract.
  reference(transfers) {
    const balances = new Map<string, number>();
    const add = (account: string, amount: number) =>
      balances.set(account, (balances.get(account) ?? 0) + amount);
    for (const { from, to, amount } of transfers) {
      add(from, -amount);
      add(to, amount);
    }
    return {
      Balances: [...balances].map(([account, balance]): Row => ({ account, balance })),
      Transfers: transfers.map(({ transferId, from, to, amount }) => ({
        transferId,
        from,
        to,
        amount,
      })),
    };
  },

  describe: ({ transferId, from, to, amount }) => ({
    kind: `transfer of ${amount} to ${to}`,
    subject: [from, to],
    eventId: transferId,
    origin: from,
  }),
} satisfies WorkloadDefinition<Transfer>;
