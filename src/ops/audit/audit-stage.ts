/** Checks a stage's tables against each other, repairs them if asked, and prints each row that is wrong. */
import { count, plural, printable } from '../../simulator/report/text.ts';
import { createClients } from '../../stack/clients.ts';
import { findStack } from '../../stack/outputs.ts';
import { pauseOf } from '../pause.ts';
import { type Audit, type AuditParts, audit, auditAndRepair } from './audit.ts';
import type { Finding } from './judge.ts';
import { type AuditNames, createAuditTables } from './tables.ts';

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
): Promise<Pick<Audit, 'wrong' | 'moving'>> {
  const { stage, pauseMs } = options;
  const clients = createClients(environment);
  try {
    const { cloudFormation, dynamoDb: client } = clients;
    const tables = TABLES.map((name) => ({ name }));
    const stack = await findStack({ stage, tables, cloudFormation, environment });
    const nameOf = (table: string): string => stack.tables.get(table) ?? table;
    const names: AuditNames = {
      contributions: nameOf('Contributions'),
      events: nameOf('Events'),
      scores: nameOf('Scores'),
    };
    const parts: AuditParts = {
      tables: createAuditTables(client, names),
      pause: pauseOf(signal),
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
    print(formatFindings(found.repaired, 'repaired', nameOf));
    print(formatFindings(found.wrong, 'off', nameOf));
    print(formatVerdict(found, options));
    return found;
  } finally {
    clients.destroy();
  }
}

function formatRows(rows: Audit['rows']): string {
  const parts = TABLES.map((table) => `${table} ${count(rows[table])}`);
  return `${parts.join(', ')} rows`;
}

function formatFindings(
  findings: readonly Finding[],
  word: string,
  nameOf: (table: string) => string,
): string {
  const shown = findings.slice(0, SHOWN_MAX).map(({ table, key, kind, expected, got, why }) => {
    const name = key.map(printable).join(', ');
    return (
      `\n${word}: ${nameOf(table)} ${name} (${kind})\n  expected  ${printable(expected)}\n` +
      `  got       ${printable(got)}\n  why       ${printable(why)}\n`
    );
  });
  const more = findings.length - shown.length;
  return `${shown.join('')}${more > 0 ? `\n… and ${count(more)} more\n` : ''}`;
}

function formatVerdict({ wrong, moving }: Audit, { stage, repair }: AuditOptions): string {
  const lines: string[] = [];
  if (wrong.length > 0) {
    const remedy = repair
      ? 'left after all repairs'
      : `simulate audit --stage ${stage} --repair settles what can be`;
    lines.push(`${plural(wrong.length, 'row')} off; ${remedy}`);
  }
  if (moving > 0) {
    lines.push(
      `${plural(moving, 'row')} kept changing, and nothing can be said of them: audit again when there is less traffic`,
    );
  }
  return `\n${lines.length === 0 ? 'the tables agree with themselves' : lines.join('\n')}\n`;
}
