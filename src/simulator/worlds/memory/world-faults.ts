/** The faults that only a world can do which owns the workers and the clock. */

import type { Fault, Faults } from '../../dynamodb/gateway/fault.ts';
import { isWrite } from '../../dynamodb/gateway/operations.ts';
import type { FaultRatios } from '../../model/faults.ts';
import type { Random } from '../../model/random.ts';

export interface WorldFaultParts {
  /** Those that any world can do. */
  readonly others: Faults;
  readonly ratios: FaultRatios;
  readonly random: Random;
  pause(ms: number): Promise<void>;
  /** Faults stop at some time, and everything must converge. */
  areOn(): boolean;
  /** The random source want a fault; whether it may happen. */
  mayHappen(fault: string): boolean;
  kill(worker: string, invocation: number): boolean;
}

export function withWorldFaults(parts: WorldFaultParts): Faults {
  const { ratios, random } = parts;
  const crashes = crash(parts);
  const landsLate = late(parts);
  const befalls = (ratio: number | undefined): boolean => ratio !== undefined && random() < ratio;
  const unlessMuted = (fault: Fault | undefined): Fault | undefined =>
    fault !== undefined && parts.mayHappen(fault.name) ? fault : undefined;
  return {
    decide(request) {
      if (!parts.areOn()) return undefined;
      if (request.invocation > 0 && befalls(ratios.crash)) return unlessMuted(crashes);
      if (isWrite(request.operation) && befalls(ratios['lands-late'])) {
        return unlessMuted(landsLate);
      }
      return unlessMuted(parts.others.decide(request));
    },
  };
}

/** The worker dies at a request, which DynamoDB may still get. */
function crash({ random, kill }: WorldFaultParts): Fault {
  return {
    name: 'crash',
    async apply({ worker, invocation }, proceed) {
      if (random() < 0.5) await proceed();
      const happened = kill(worker, invocation);
      return { result: { kind: 'lost' }, happened };
    },
  };
}

const LATE_MS_MAX = 3_000;

/** The connection breaks, the caller tries again, and then the first request is applied after all. */
function late({ random, pause }: WorldFaultParts): Fault {
  return {
    name: 'lands-late',
    async apply(_, proceed) {
      pause(random() * LATE_MS_MAX)
        .then(() => proceed())
        .catch(() => {});
      return { result: { kind: 'lost' }, happened: true };
    },
  };
}
