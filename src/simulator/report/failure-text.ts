/** Turns failures into sentences of one line. No other file does. Pure. */
import type { Failure, Stall } from '../model/failure.ts';
import type { Difference } from '../model/workload.ts';
import { jsonValue } from './json.ts';
import { count, plural, seconds } from './text.ts';

export function failureText(failure: Failure): string {
  // The text of its own kind takes it.
  return (TEXTS[failure.kind] as (failure: Failure) => string)(failure);
}

type OfKind<Kind extends Failure['kind']> = Extract<Failure, { readonly kind: Kind }>;

const TEXTS: { readonly [Kind in Failure['kind']]: (failure: OfKind<Kind>) => string } = {
  rows({ table, rows, unexcused }) {
    const differ = `${plural(rows, 'row')} of ${table} ${rows === 1 ? 'differs' : 'differ'} from the reference`;
    if (unexcused === undefined) return differ;
    return unexcused === 0
      ? `${differ}; discarded records bear on all of them`
      : `${differ}; no discarded record bears on ${count(unexcused)} of them`;
  },
  invariant: ({ message }) => `an invariant was broken: ${message}`,
  quarantine: ({ malformed, rows }) =>
    `${plural(malformed, 'malformed record')} pushed, but ${plural(rows, 'row')} in quarantine`,
  'table-gone': ({ table }) => `table ${table} is gone: the handler deleted it with all its rows`,
  stalled: ({ stall }) => stallText(stall),
  discarded: ({ records }) =>
    `${plural(records, 'record')} discarded to the on-failure destination`,
  'handler-error': ({ error }) => `the last error of the handler was ${error}`,
  'not-simulated': ({ name }) => `the handler used ${name}, which is not simulated`,
  'no-repeat-delivery': () => '--repeat-delivery: no batch was delivered twice',
  'too-few-kills': ({ requested, happened }) =>
    `--kill ${requested}: ${plural(happened, 'worker')} ${happened === 1 ? 'was' : 'were'} killed in mid-batch`,
  'fault-never-happened': ({ fault, ratio }) =>
    `--fault ${fault}=${ratio}: the fault never happened`,
  'not-repeatable': ({ first, second = 'none' }) =>
    `the same run had another history the second time (${first}, then ${second}): it is not deterministic`,
  'records-lost': ({ records }) =>
    `${plural(records, 'record')} acknowledged to producers and never read from the stream`,
  'virtual-users-unfinished'({ virtualUsers, of, errors }) {
    const causes = Object.entries(errors).map(([name, times]) => `${name} ${count(times)}`);
    const why = causes.length === 0 ? '' : ` (${causes.join(', ')})`;
    return `${count(virtualUsers)} of ${plural(of, 'virtual user')} did not finish${why}: fewer records were put than planned`;
  },

  row: ({ difference }) => differenceText(difference),
  endless: () => 'it never ends: it comes back to a state that it has been in',
  'schedule-not-repeatable': () => 'the same schedule did not fail in this way when repeated',
  'invocation-idle': () => 'an invocation waits for no request, and has not returned',
  'invocation-requests': ({ requests, requestsMax }) =>
    `an invocation made ${count(requests)} requests; the limit is ${count(requestsMax)}`,

  'runs-diverged': ({ runs, of }) => `${count(runs)} of ${plural(of, 'run')} diverged`,
  'runs-unknown': ({ runs }) => `${plural(runs, 'run')} ended with an unknown verdict`,
  'runs-not-repeatable': ({ seeds }) =>
    `${plural(seeds.length, 'run')} differed when repeated: ${seeds.slice(0, 3).join(', ')}`,
  'no-runs': () => 'no run was made',
  stopped: () => 'the search was stopped',
  'not-reached': ({ what, name }) =>
    `never reached: ${what === 'fault' ? `the fault ${name}` : `“${name}”`}`,

  'invocations-timed-out': ({ invocations }) =>
    `${plural(invocations, 'invocation')} ran past the time-out`,
  'invocation-slow': ({ ms, msMax }) =>
    `an invocation took ${seconds(ms)}; the limit is ${seconds(msMax)}`,
  'mutant-survived': ({ mutant }) => `${mutant} survived`,
  'control-caught': ({ failure }) => `the shipped handler was caught: ${failureText(failure)}`,
  'caught-by-another-check': ({ mutant, check, expected }) =>
    `${mutant} was caught by ${check}, not by ${expected.join(' or ')}`,
  'not-minimal': ({ mutant }) =>
    `${mutant}: its counterexample is not 1-minimal: the reduction took too long`,
  'too-many-events': ({ mutant, events }) => `${mutant}: its counterexample has ${events} events`,
};

function stallText(stall: Stall): string {
  switch (stall.cause) {
    case 'attempts-exhausted':
      return `a batch of ${stall.shardId} failed ${stall.attempts} times in a row, and was given up`;
    case 'timeouts-in-a-row':
      return `${stall.timeouts} invocations in a row ran past the time-out, and delivery was given up`;
    case 'not-delivered-in-time':
      return `not everything was delivered within ${Math.round(stall.boundMs / 1000)} s after the last fault`;
    case 'too-many-requests':
      return `over ${count(stall.requestsMax)} requests were made, and not everything was delivered`;
    case 'sentinels-missing':
      return (
        `the last record of ${stall.shardIds.join(', ')} was not applied within ${stall.waitSeconds} s (--wait): ` +
        whereToLook(stall.stackName)
      );
    case 'tables-not-still':
      return (
        `the tables still changed, or had not been unchanged for ${stall.stillSeconds} s (--still), ` +
        `${stall.waitSeconds} s after the last put (--wait): ${whereToLook(stall.stackName)}`
      );
    case 'batches-given-up': {
      const batches = `${count(stall.batches)} ${stall.batches === 1 ? 'batch' : 'batches'}`;
      return `Lambda gave up ${batches}, listed in the failure queue: see simulate redrive`;
    }
  }
}

function whereToLook(stackName: string): string {
  return (
    `look at the function of ${stackName}: is its event source mapping enabled, what does its log say, ` +
    'is its iterator age growing (docs/operations/runbook.md)'
  );
}

function differenceText({ table, key, expected, actual }: Difference): string {
  const [wanted, got] = [expected, actual].map((row) =>
    row === undefined ? 'no row' : JSON.stringify(row, jsonValue),
  );
  return `${table} ${key.join(' ')}: expected ${wanted}, got ${got}`;
}
