/** Where a load run takes place: what its producers need to know, and what can be seen from there. */
import type { History, HistoryReader } from '../src/simulator/history/history.ts';
import type { AnyWorld } from '../src/simulator/worlds/world.ts';
import type { Effort } from './effort.ts';
import type { EngineConfig } from './engine/script.ts';
import type { Observed } from './observe.ts';
import type { Passage } from './passages.ts';
import type { Probe, ProbeParts } from './probes.ts';
import type { PutStageParts } from './put-stage.ts';

export interface Place {
  readonly observed: Pick<Observed, 'source' | 'records'>;
  readonly readers: readonly HistoryReader[];
  open(history: History): Promise<Site>;
  /** Records of the stream that the view is through with, so far, where that can be told meanwhile. */
  done?(): number;
  /** Of all records that were read. */
  passages(probes: readonly Probe[]): readonly Passage[];
  /** What delivery and the handler did; undefined: they can't be seen from here. */
  readonly effort: Effort | undefined;
}

/** The place, once it is there. */
export interface Site {
  readonly world: AnyWorld;
  /** The stream's name. */
  readonly stream: string;
  /** What of the producers' settings follows from the place. */
  readonly producers: Partial<Pick<EngineConfig, 'endpoint' | 'mark'>>;
  readonly probes: Pick<ProbeParts, 'scoreOf' | 'mark' | 'lookMs' | 'hashKeyOf'>;
  /** Processes beside artillery, and lanes, that may be a limit and can be seen. */
  readonly watched: Pick<PutStageParts, 'processes' | 'lanes'>;
  /** Aborted, with the error, where the rest can't be seen any more. */
  readonly failed?: AbortSignal;
}
