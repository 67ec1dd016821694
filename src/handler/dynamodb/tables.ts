import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

export interface TableNames {
  readonly contributions: string;
  readonly scores: string;
  readonly events: string;
  readonly quarantine: string;
}

/** The tables of one view, and how to get at them. */
export interface Tables {
  readonly client: DynamoDBClient;
  readonly names: TableNames;
  /** Items of a query's page; undefined: as many as fit into 1 MB. */
  readonly pageItemsMax: number | undefined;
}
