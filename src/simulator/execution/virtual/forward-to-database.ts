/** Executes the gateway's requests on the simulated database. */
import type { Consumption } from '../../dynamodb/engine/consumption.ts';
import type { SimulatedDynamoDB } from '../../dynamodb/engine/database.ts';
import { errorBody } from '../../dynamodb/engine/error-body.ts';
import type { JsonObject } from '../../dynamodb/gateway/json.ts';
import type { Forward } from '../../dynamodb/gateway/request.ts';
import type { Capacity } from '../../model/history.ts';

/** Exceptions become error responses. `committed` is called after each successful operation. */
export function forwardToDatabase(
  database: SimulatedDynamoDB,
  meter: CapacityMeter,
  committed: () => void,
): Forward {
  return (operation, input) => {
    try {
      const body = database.execute(operation, input) as JsonObject;
      committed();
      return { kind: 'response', status: 200, body, capacity: meter.take() };
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return { kind: 'response', status: 400, body: errorBody(error) as JsonObject, error };
    }
  };
}

/** The capacity consumed since it was last taken; rejected requests report none. */
export interface CapacityMeter {
  consumed(consumption: Consumption): void;
  take(): Capacity;
}

export function createCapacityMeter(): CapacityMeter {
  let [readUnits, writeUnits] = [0, 0];
  return {
    consumed(consumption) {
      if (consumption.refused) return;
      readUnits += consumption.readUnits;
      writeUnits += consumption.writeUnits;
    },
    take() {
      const capacity = { readUnits, writeUnits };
      [readUnits, writeUnits] = [0, 0];
      return capacity;
    },
  };
}
