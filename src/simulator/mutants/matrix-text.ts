/** The kill matrix for a person, and for a program. Pure. */
import { seconds } from '../report/text.ts';
import type { Row } from './matrix.ts';

/** A counterexample that a person can follow. */
export const EVENTS_MAX = 6;

/** What is wrong with it, one line each; none: all is as it should be. */
export function faultsOfMatrix(rows: readonly Row[]): readonly string[] {
  return rows.flatMap(({ name, mutant, check, reason, scenario }) => {
    if (mutant === undefined) return check === undefined ? [] : [`${name} was caught: ${reason}`];
    if (check === undefined) return [`${name} survived`];
    const wrong: string[] = [];
    if (!mutant.caughtBy.includes(check)) {
      wrong.push(`${name} was caught by ${check}, not by ${mutant.caughtBy.join(' or ')}`);
    }
    const size = scenario?.events.length ?? 0;
    if (size > EVENTS_MAX) wrong.push(`${name}: its counterexample has ${size} events`);
    return wrong;
  });
}

export function formatHead(): string {
  return line('mutant', 'caught by', 'runs', 'after', 'events', 'symptom');
}

export function formatRow({ name, mutant, check, runs, ms, scenario }: Row): string {
  const fate = check ?? (mutant === undefined ? 'not caught' : 'SURVIVED');
  const size = scenario === undefined ? '' : String(scenario.events.length);
  return line(name, fate, String(runs), seconds(ms), size, mutant?.symptom ?? '');
}

function line(
  ...[name, fate, runs, after, size, symptom]: [string, string, string, string, string, string]
): string {
  const text = `${name.padEnd(31)}${fate.padEnd(12)}${runs.padStart(7)}${after.padStart(9)}${size.padStart(8)}  ${symptom}`;
  return `${text.trimEnd()}\n`;
}

export function formatMatrixJson(rows: readonly Row[], faults: readonly string[]): string {
  const plain = rows.map(({ mutant, ...row }) => ({
    ...row,
    ...(mutant && { what: mutant.what, file: mutant.file, symptom: mutant.symptom }),
  }));
  return `${JSON.stringify({ version: 1, mutants: plain, faults }, undefined, 2)}\n`;
}
