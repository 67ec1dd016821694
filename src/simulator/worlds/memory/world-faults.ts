/** The faults of the memory world: drawn, allowed, and stopped. */

import type { Fault, Faults } from '../../dynamodb/gateway/fault.ts';
import { isWrite } from '../../dynamodb/gateway/operations.ts';
import type { History } from '../../history/history.ts';
import type { FaultRatios } from '../../model/faults.ts';
import type { Random } from '../../model/random.ts';
import type { Overrides } from './overrides.ts';

export interface WorldFaults {
  readonly ratios: FaultRatios;
  /** Draws a fault that happens at once, and appends it to the history. */
  happens(name: keyof FaultRatios, random: Random): boolean;
  /** Draws a fault that is appended to the history when it happens. */
  draws(name: keyof FaultRatios, random: Random): boolean;
  /** Whether a fault that was drawn may happen. */
  isAllowed(fault: string): boolean;
  areOn(): boolean;
  stop(): void;
}

export function createWorldFaults(
  ratios: FaultRatios,
  history: History,
  { allowsFault, onFaultEligible }: Overrides,
): WorldFaults {
  let occurrences = 0;
  let areOn = true;
  const isAllowed = (fault: string): boolean => allowsFault?.(occurrences++, fault) ?? true;
  const draws: WorldFaults['draws'] = (name, random) => {
    const ratio = areOn ? (ratios[name] ?? 0) : 0;
    if (ratio > 0) onFaultEligible?.(name);
    return ratio > 0 && random() < ratio && isAllowed(name);
  };
  return {
    ratios,
    draws,
    happens(name, random) {
      const isDrawn = draws(name, random);
      if (isDrawn) history.append({ type: 'fault-happened', fault: name });
      return isDrawn;
    },
    isAllowed,
    areOn: () => areOn,
    stop() {
      areOn = false;
    },
  };
}

export interface RequestFaultParts {
  readonly faults: WorldFaults;
  /** The faults of any world. */
  readonly others: Faults;
  readonly random: Random;
  pause(ms: number): Promise<void>;
  kill(worker: string, invocation: number): boolean;
}

/** The faults of requests: a crash, a late write, and those of any world. */
export function createRequestFaults(parts: RequestFaultParts): Faults {
  const { faults, random } = parts;
  const crashes = crash(parts);
  const landsLate = late(parts);
  const isDrawn = (ratio: number | undefined): boolean => ratio !== undefined && random() < ratio;
  const ifAllowed = (fault: Fault | undefined): Fault | undefined =>
    fault !== undefined && faults.isAllowed(fault.name) ? fault : undefined;
  return {
    decide(request) {
      if (!faults.areOn()) return undefined;
      if (request.invocation > 0 && isDrawn(faults.ratios.crash)) return ifAllowed(crashes);
      if (isWrite(request.operation) && isDrawn(faults.ratios['lands-late'])) {
        return ifAllowed(landsLate);
      }
      return ifAllowed(parts.others.decide(request));
    },
  };
}

/** The worker dies at a request, which may still reach DynamoDB. */
function crash({ random, kill }: RequestFaultParts): Fault {
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

/** The connection breaks, the caller retries, and the first request is applied after that. */
function late({ random, pause }: RequestFaultParts): Fault {
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
