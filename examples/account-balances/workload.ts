/**
 * Account balances from transfers. Money moves between accounts; the view keeps the balance of each
 * account and a ledger of the transfers.
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

  // The handler finds their real names in TABLE_BALANCES_NAME and TABLE_TRANSFERS_NAME.
  tables: {
    Balances: { key: { account: 'S' } },
    Transfers: { key: { transferId: 'S' } },
  },

  // `roll` is the only source of randomness, so that a seed repeats the history. This workload
  // declares no entities, and so has the default ones; each user has an account.
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

  // All transfers from one account are in one shard, as a producer would put them.
  encode: (transfer, copy) => ({
    partitionKey: transfer.from,
    data: JSON.stringify({ ...transfer, attempt: copy }),
  }),

  // Add and subtract.
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
