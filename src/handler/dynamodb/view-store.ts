/** The view in DynamoDB. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { ViewStore } from '../view-store.ts';
import { outcomeOf, transferOutcomeOf } from './failure.ts';
import { countPage, readProducts, readPurchases } from './reads.ts';
import type { TableNames } from './tables.ts';
import { commit, commitPage, quarantine, transferScores, writePurchases } from './writes.ts';

/** `pageItemsMax` makes the pages of a query shorter than DynamoDB's 1 MB, for tests. */
export function createDynamoDBViewStore(
  client: DynamoDBClient,
  names: TableNames,
  pageItemsMax?: number,
): ViewStore {
  const tables = { client, names, pageItemsMax };
  return {
    readProducts: (ids, signal) => outcomeOf(readProducts(tables, ids, signal)),
    readPurchases: (keys, signal) => outcomeOf(readPurchases(tables, keys, signal)),
    writePurchases: (rows, signal) => outcomeOf(writePurchases(tables, rows, signal)),
    commit: (planned, signal) => outcomeOf(commit(tables, planned, signal)),
    countPage: (recount, signal) => outcomeOf(countPage(tables, recount, signal)),
    commitPage: (page, signal) => outcomeOf(commitPage(tables, page, signal)),
    transferScores: (transfers, signal) =>
      transferOutcomeOf(transferScores(tables, transfers, signal), transfers),
    quarantine: (records, signal) => outcomeOf(quarantine(tables, records, signal)),
  };
}
