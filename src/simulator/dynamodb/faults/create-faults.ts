/** Random faults between a handler and DynamoDB; at most one for each request. */

import { FAULT_NAMES, type FaultName, type FaultRatios } from '../../model/faults.ts';
import type { Random } from '../../model/random.ts';
import { pick } from '../../random.ts';
import type { Faults } from '../gateway/fault.ts';
import type { FaultKind, FaultParts } from './fault-kind.ts';
import { createIndexLag } from './index-lag.ts';
import { answerLost, internalErrorAfter } from './lost-responses.ts';
import { conflict, internalErrorBefore, throttled } from './refusals.ts';
import { slow } from './slow.ts';
import { smallPages } from './small-pages.ts';
import { unprocessedItems } from './unprocessed-items.ts';

/** `onEligible` is called for each fault that applies to a request, drawn or not. */
export function createFaults(
  ratios: FaultRatios,
  random: Random,
  pause: (ms: number) => Promise<void>,
  onEligible: (name: FaultName) => void = () => {},
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
        if (!kind.appliesTo(request)) continue;
        onEligible(name);
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
