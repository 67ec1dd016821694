/** The environment variables of a foreign handler in a world. */
import process from 'node:process';
import { functionEnvironment } from '../execution/environment.ts';
import type { WorkloadOfWorld } from './world.ts';

export interface FunctionVariablesParts {
  readonly workload: WorkloadOfWorld;
  readonly memoryMb: number;
  readonly taskRoot: string;
  /** Such as `src/orders.handler`. */
  readonly handler: string;
  /** The real name of one of the workload's tables. */
  tableName(name: string): string;
}

export function functionVariables(parts: FunctionVariablesParts): Readonly<Record<string, string>> {
  const { workload, memoryMb, taskRoot, handler, tableName } = parts;
  const names = workload.tables.map(({ name, environmentVariable }) => [
    environmentVariable,
    tableName(name),
  ]);
  return functionEnvironment({
    ...{ memoryMb, taskRoot, handler },
    tables: Object.fromEntries(names),
    own: workload.environment ?? {},
    temporaryFolder: process.env['TMPDIR'],
  });
}
