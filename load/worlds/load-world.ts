/** What a load run needs of a world: where to put records, and what can be measured there. */
import type { History, HistoryReader } from '../../src/simulator/history/history.ts';
import type { Deliver } from '../../src/simulator/run/deliver/deliver.ts';
import type { AnyWorld } from '../../src/simulator/worlds/world.ts';
import type { EngineConfig } from '../engine/script.ts';
import type { HandlerCounters } from '../measure/handler-counters.ts';
import type { Passage } from '../measure/passages.ts';
import type { Probe, ProbeParts } from '../measure/probes.ts';
import type { PutStageParts } from '../measure/put-stage.ts';
import type { RecordsRead } from './records-read.ts';

export interface LoadWorld {
  readonly recordsRead: Pick<RecordsRead, 'source' | 'keys'>;
  readonly readers: readonly HistoryReader[];
  /** Undefined where the handler can't be observed. */
  readonly handler: HandlerCounters | undefined;
  open(history: History): Promise<OpenLoadWorld>;
  readonly deliver: Deliver;
  /** Records that the view has finished so far; absent where that is known only at the end. */
  recordsDone?(): number;
  /** Of all records that were read. */
  passages(probes: readonly Probe[]): readonly Passage[];
}

export interface OpenLoadWorld {
  readonly world: AnyWorld;
  /** The stream's name. */
  readonly stream: string;
  /** Settings of the producers that depend on the world. */
  readonly producers: Partial<Pick<EngineConfig, 'endpoint' | 'mark'>>;
  readonly probes: Pick<ProbeParts, 'scoreOf' | 'mark' | 'pollMs' | 'hashKeyOf'>;
  /** Processes beside artillery, and lanes, that may be a limit and can be measured. */
  readonly measured: Pick<PutStageParts, 'processes' | 'lanes'>;
  /** Aborted, with the error, when the stream can't be read any more. */
  readonly failed?: AbortSignal;
}
