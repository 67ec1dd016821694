/** The price of DynamoDB's on-demand units. Pure. */
import type { Figures } from '../model/run-result.ts';

/**
 * US dollars for a million request units, standard table class, us-east-1, as of 2024-11-01 (AWS
 * halved them that day): https://aws.amazon.com/dynamodb/pricing/on-demand/
 */
export const ON_DEMAND = {
  writeDollars: 0.625,
  readDollars: 0.125,
  region: 'us-east-1',
  asOf: '2024-11-01',
} as const;

/** The US dollars for the requests of a million records, without storage. */
export function dollarsPerMillion({ dynamodb }: Figures): number {
  const writes = dynamodb.writeUnitsPerRecord + dynamodb.cancelledWriteUnitsPerRecord;
  return writes * ON_DEMAND.writeDollars + dynamodb.readUnitsPerRecord * ON_DEMAND.readDollars;
}
