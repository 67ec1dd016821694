/**
 * What goes wrong between a handler and DynamoDB, as the random source have it. At most one fault befalls a
 * request. Free of any transport and clock: what takes time asks the world to pause.
 */

import { FAULT_NAMES, type FaultName, type FaultRatios } from '../../model/faults.ts';
import type { Random } from '../../model/random.ts';
import { pick } from '../../random.ts';
import type { Fault, Faults, GatewayRequest } from '../gateway/gateway.ts';
import { createIndexLag } from './index-lag.ts';
import { answerLost, internalErrorAfter, slow } from './late.ts';
import { smallPages, unprocessedItems } from './partial.ts';
import { conflict, internalErrorBefore, throttled } from './refused.ts';

/** A fault, and the requests for which it is the truth about some DynamoDB. */
export interface FaultKind extends Fault {
  canBefall(request: GatewayRequest): boolean;
  /** It is to see every request that it can befall, and throws its random source itself. */
  readonly seesAll?: true;
}

/** What a fault needs to be made. */
export interface FaultParts {
  readonly random: Random;
  readonly ratio: number;
  /** Of the world's own time. */
  pause(ms: number): Promise<void>;
}

/** `occasion` is told of each fault that could befall a request, whatever the random source say. */
export function createFaults(
  ratios: FaultRatios,
  random: Random,
  pause: (ms: number) => Promise<void>,
  occasion: (name: FaultName) => void = () => {},
): Faults {
  const asked = FAULT_NAMES.flatMap((name) => {
    const ratio = ratios[name];
    return ratio === undefined
      ? []
      : [{ name, ratio, kind: KINDS[name]({ random, ratio, pause }) }];
  });
  return {
    decide(request) {
      let watching: FaultKind | undefined;
      const hits: FaultKind[] = [];
      for (const { name, ratio, kind } of asked) {
        if (!kind.canBefall(request)) continue;
        occasion(name);
        if (kind.seesAll) watching ??= kind;
        else if (random() < ratio) hits.push(kind);
      }
      return hits.length > 0 ? pick(random, hits) : watching;
    },
  };
}

const KINDS: Readonly<Record<FaultName, (parts: FaultParts) => FaultKind>> = {
  throttled,
  conflict,
  'internal-error-before': internalErrorBefore,
  'internal-error-after': internalErrorAfter,
  'answer-lost': answerLost,
  slow,
  'unprocessed-items': unprocessedItems,
  'index-lag': createIndexLag,
  'small-pages': smallPages,
};
