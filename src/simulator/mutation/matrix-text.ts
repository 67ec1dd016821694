/** The kill matrix as a table and as JSON. Pure. */
import type { MutantFailure } from '../model/failure.ts';
import { RESULT_VERSION } from '../model/run-result.ts';
import { seconds } from '../report/text.ts';
import type { Row } from './matrix.ts';

/** With more events, a person can't follow a counterexample. */
export const EVENTS_MAX = 6;

/** Empty if each mutant was caught as expected, and the control was not. */
export function failuresOf(rows: readonly Row[]): readonly MutantFailure[] {
  return rows.flatMap(({ name, mutant, check, failure, scenario, isMinimal }): MutantFailure[] => {
    if (mutant === undefined) {
      return failure === undefined ? [] : [{ kind: 'control-caught', failure }];
    }
    if (check === undefined) return [{ kind: 'mutant-survived', mutant: name }];
    const failures: MutantFailure[] = [];
    if (!mutant.caughtBy.includes(check)) {
      const expected = mutant.caughtBy;
      failures.push({ kind: 'caught-by-another-check', mutant: name, check, expected });
    }
    if (isMinimal === false) failures.push({ kind: 'not-minimal', mutant: name });
    const events = scenario?.events.length ?? 0;
    if (events > EVENTS_MAX) failures.push({ kind: 'too-many-events', mutant: name, events });
    return failures;
  });
}

export function formatHead(): string {
  return line('mutant', 'caught by', 'runs', 'after', 'events', '1-minimal', 'symptom');
}

export function formatRow({ name, mutant, check, runs, ms, scenario, isMinimal }: Row): string {
  const fate = check ?? (mutant === undefined ? 'not caught' : 'SURVIVED');
  const size = scenario === undefined ? '' : String(scenario.events.length);
  const minimal = isMinimal === undefined ? '' : isMinimal ? 'yes' : 'NO';
  return line(name, fate, String(runs), seconds(ms), size, minimal, mutant?.symptom ?? '');
}

function line(
  ...[name, fate, runs, after, size, minimal, symptom]: readonly [
    name: string,
    fate: string,
    runs: string,
    after: string,
    size: string,
    minimal: string,
    symptom: string,
  ]
): string {
  const numbers = `${runs.padStart(7)}${after.padStart(9)}${size.padStart(8)}`;
  const text = `${name.padEnd(31)}${fate.padEnd(12)}${numbers}  ${minimal.padEnd(11)}${symptom}`;
  return `${text.trimEnd()}\n`;
}

export function formatMatrixJson(rows: readonly Row[], failures: readonly MutantFailure[]): string {
  const mutants = rows.map(({ mutant, ...row }) => ({
    ...row,
    ...(mutant && { what: mutant.what, file: mutant.file, symptom: mutant.symptom }),
  }));
  return `${JSON.stringify({ version: RESULT_VERSION, mutants, failures }, undefined, 2)}\n`;
}
