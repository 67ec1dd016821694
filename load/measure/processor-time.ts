/** Processor time of a process and of the whole machine, as Linux counts it. */
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** Ticks of a second in `/proc`, on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

export interface ProcessorTime {
  /** User and system, milliseconds; undefined for a process that has ended. */
  ofProcess(pid: number): number | undefined;
  /** Of all processors together, milliseconds. */
  ofMachine(): { readonly busyMs: number; readonly totalMs: number };
}

export const processorTime: ProcessorTime = {
  ofProcess(pid) {
    try {
      const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // The command's name, in parentheses, may contain anything; after it, utime and stime are 14 and 15.
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
      return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND;
    } catch {
      return undefined;
    }
  },
  ofMachine() {
    let [busyMs, totalMs] = [0, 0];
    for (const { times } of cpus()) {
      const busy = times.user + times.nice + times.sys + times.irq;
      busyMs += busy;
      totalMs += busy + times.idle;
    }
    return { busyMs, totalMs };
  },
};
