/** Checks a stage's tables against each other, repairs them if asked, and prints each row that is wrong. */
import { count, plural, printable } from '../../simulator/report/text.ts';
import { pauseOf } from '../pause.ts';
import { openStack } from '../stack/open-stack.ts';
import { type Audit, type AuditParts, audit, auditAndRepair } from './audit.ts';
import { type AuditNames, createAuditTables } from './audit-tables.ts';
import type { Finding } from './findings.ts';

export interface AuditOptions {
  readonly stage: string;
  readonly repair: boolean;
  /** Between two reads of a row that looks wrong. */
  readonly pauseMs: number | undefined;
}

export interface StageParts {
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  print(text: string): void;
  /** A line that the next one replaces. */
  progress(line: string): void;
}

const SHOWN_MAX = 50;
const TABLES = ['Contributions', 'Events', 'Scores'] as const;

/** Resolves to what is left after all repairs. */
export async function auditStage(
  options: AuditOptions,
  { environment, print, progress, signal }: StageParts,
): Promise<Pick<Audit, 'wrong' | 'changing'>> {
  const { stage, pauseMs } = options;
  const stack = await openStack(stage, environment);
  try {
    const { dynamoDb: client, tableName } = stack;
    const names: AuditNames = {
      contributions: tableName('Contributions'),
      events: tableName('Events'),
      scores: tableName('Scores'),
    };
    const pause = pauseOf(signal);
    const parts: AuditParts = {
      tables: createAuditTables(client, names, pause),
      pause,
      pauseMs,
      onProgress(text, rows) {
        signal.throwIfAborted();
        progress(`${text}: ${formatRows(rows)}`);
      },
    };
    const found = options.repair
      ? await auditAndRepair({ ...parts, client, names })
      : { ...(await audit(parts)), repaired: [] };
    print(`audit of ${stack.stackName}: ${formatRows(found.rows)}\n`);
    print(formatFindings(found.repaired, 'repaired', tableName));
    print(formatFindings(found.wrong, 'off', tableName));
    print(formatVerdict(found, options));
    return found;
  } finally {
    stack.close();
  }
}

function formatRows(rows: Audit['rows']): string {
  const parts = TABLES.map((table) => `${table} ${count(rows[table])}`);
  return `${parts.join(', ')} rows`;
}

function formatFindings(
  findings: readonly Finding[],
  word: string,
  tableName: (table: string) => string,
): string {
  const shown = findings.slice(0, SHOWN_MAX).map(({ table, key, kind, expected, got, why }) => {
    const name = key.map(printable).join(', ');
    return (
      `\n${word}: ${tableName(table)} ${name} (${kind})\n  expected  ${printable(expected)}\n` +
      `  got       ${printable(got)}\n  why       ${printable(why)}\n`
    );
  });
  const more = findings.length - shown.length;
  return `${shown.join('')}${more > 0 ? `\n… and ${count(more)} more\n` : ''}`;
}

function formatVerdict({ wrong, changing }: Audit, { stage, repair }: AuditOptions): string {
  const lines: string[] = [];
  if (wrong.length > 0) {
    const remedy = repair
      ? 'left after all repairs'
      : `simulate audit --stage ${stage} --repair settles what can be`;
    lines.push(`${plural(wrong.length, 'row')} off; ${remedy}`);
  }
  if (changing > 0) {
    lines.push(
      `${plural(changing, 'row')} kept changing and could not be checked: audit again when there is less traffic`,
    );
  }
  return `\n${lines.length === 0 ? 'the tables agree with themselves' : lines.join('\n')}\n`;
}
