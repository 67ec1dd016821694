/** The kill matrix for a person, and for a program. Pure. */
import { seconds } from '../report/text.ts';
import type { Row } from './matrix.ts';

/** A counterexample that a person can follow. */
export const EVENTS_MAX = 6;

/** What is wrong with it, one line each; none: all is as it should be. */
export function faultsOfMatrix(rows: readonly Row[]): readonly string[] {
  return rows.flatMap(({ name, mutant, check, reason, scenario, isMinimal }) => {
    if (mutant === undefined) return check === undefined ? [] : [`${name} was caught: ${reason}`];
    if (check === undefined) return [`${name} survived`];
    const wrong: string[] = [];
    if (!mutant.caughtBy.includes(check)) {
      wrong.push(`${name} was caught by ${check}, not by ${mutant.caughtBy.join(' or ')}`);
    }
    const size = scenario?.events.length ?? 0;
    if (isMinimal === false) {
      wrong.push(`${name}: its counterexample is not 1-minimal: the reduction took too long`);
    }
    if (size > EVENTS_MAX) wrong.push(`${name}: its counterexample has ${size} events`);
    return wrong;
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

export function formatMatrixJson(rows: readonly Row[], faults: readonly string[]): string {
  const plain = rows.map(({ mutant, ...row }) => ({
    ...row,
    ...(mutant && { what: mutant.what, file: mutant.file, symptom: mutant.symptom }),
  }));
  return `${JSON.stringify({ version: 1, mutants: plain, faults }, undefined, 2)}\n`;
}
