/** `simulate audit`: looks, perhaps repairs, and names what is off. */
import process from 'node:process';
import { type Audit, type AuditParts, audit, auditAndRepair } from '../ops/audit/audit.ts';
import { type AuditNames, createAuditTables } from '../ops/audit/audit-tables.ts';
import type { Finding } from '../ops/audit/findings.ts';
import { openStack } from '../ops/stack/open-stack.ts';
import { count, plural, printable } from '../simulator/report/text.ts';
import type { AuditOptions } from './audit-options.ts';
import { EXIT_OF_VERDICT } from './exit.ts';
import { pauseOf } from './pause.ts';
import type { WorkContext } from './subcommand.ts';

const SHOWN_MAX = 50;
const TABLES = ['Contributions', 'Events', 'Scores'] as const;

export async function auditCommand(
  options: AuditOptions,
  { print, progress, signal }: WorkContext,
): Promise<number> {
  const { stage, pauseMs } = options;
  const stack = await openStack(stage, process.env);
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
    if (found.wrong.length > 0) return EXIT_OF_VERDICT.diverged;
    return found.changing > 0 ? EXIT_OF_VERDICT.unknown : EXIT_OF_VERDICT.converged;
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
