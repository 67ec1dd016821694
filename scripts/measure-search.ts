/**
 * Measures the cost of a run of the search with the search's V8 flags, with Node's defaults, and without each of the
 * flags, in fresh processes by turns: `node scripts/measure-search.ts [ROUNDS]`.
 */
import { execFileSync } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { PROFILES } from '../src/simulator/model/fault-profiles.ts';
import { V8_FLAGS } from '../src/simulator/search/explore.ts';
import { search } from '../src/simulator/search/search.ts';
import { winner } from '../src/simulator/workload/winner/winner.ts';

const ROUNDS = Number(process.argv[2] ?? 5);
const CHILD = '--runs';
const RUNS_WARM = 4_000;
const RUNS = 200;
const SLICES = 20;

/** Prints the processor time of a run in microseconds: the least of many slices, the one least disturbed. */
async function measure(): Promise<void> {
  Error.stackTraceLimit = 0;
  const go = (runsMax: number, seed: string) =>
    search({
      workload: winner,
      seed,
      runsMax,
      timeMsMax: Number.POSITIVE_INFINITY,
      faults: PROFILES.heavy,
      now: () => performance.now(),
    });
  await go(RUNS_WARM, 'warm');
  const costs: number[] = [];
  for (let slice = 0; slice < SLICES; slice++) {
    const before = process.cpuUsage();
    const { tally } = await go(RUNS, `slice ${slice}`);
    const { user, system } = process.cpuUsage(before);
    costs.push((user + system) / tally.runs);
  }
  process.stdout.write(String(Math.min(...costs)));
}

function compare(): void {
  const variants: Record<string, readonly string[]> = { 'flags of the search': V8_FLAGS };
  for (const left of V8_FLAGS) {
    variants[`without ${left}`] = V8_FLAGS.filter((flag) => flag !== left);
  }
  variants['defaults of Node'] = [];
  const costs = Object.values(variants).map((): number[] => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [at, flags] of Object.values(variants).entries()) {
      const child = [...flags, fileURLToPath(import.meta.url), CHILD];
      costs[at]?.push(Number(execFileSync(process.execPath, child)));
    }
  }
  const least = costs.map((each) => Math.min(...each));
  console.log('| V8 | µs of one processor a run | of the first |\n|---|---|---|');
  for (const [at, name] of Object.keys(variants).entries()) {
    const [first = 0, own = 0] = [least[0], least[at]];
    console.log(`| ${name} | ${own.toFixed(0)} | ${(own / first).toFixed(2)} |`);
  }
}

if (process.argv[2] === CHILD) await measure();
else compare();
