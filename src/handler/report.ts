/**
 * Where the handler reports to in Lambda: structured logs and metrics, by AWS Lambda Powertools. What each
 * means is in docs/operations/runbook.md. Both are lines on stdout, written before the invocation is answered.
 */
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Context } from 'aws-lambda';
import type { Counts, Log } from './ports.ts';

export interface Report extends Log {
  /** Which invocation the following lines are of. */
  begin(context: Context): void;
}

type Unit = (typeof MetricUnit)[keyof typeof MetricUnit];

/** The names of the metrics; alarms in serverless.yml refer to them. */
const METRICS: Readonly<Record<keyof Counts, readonly [name: string, unit: Unit]>> = {
  records: ['Records', MetricUnit.Count],
  applied: ['Applied', MetricUnit.Count],
  copies: ['Copies', MetricUnit.Count],
  skipped: ['Skipped', MetricUnit.Count],
  quarantined: ['Quarantined', MetricUnit.Count],
  recredited: ['Recredited', MetricUnit.Count],
  conflicts: ['Conflicts', MetricUnit.Count],
  retries: ['Retries', MetricUnit.Count],
  failed: ['Failed', MetricUnit.Count],
  oldestRecordAgeMs: ['OldestRecordAge', MetricUnit.Milliseconds],
};

/** Its names and level are POWERTOOLS_SERVICE_NAME, POWERTOOLS_METRICS_NAMESPACE, POWERTOOLS_LOG_LEVEL. */
export function createReport(environment: NodeJS.ProcessEnv): Report {
  const logger = new Logger();
  // Without a namespace of its own, as in a worker of the simulator, it would warn of that each time.
  const namespace = environment['POWERTOOLS_METRICS_NAMESPACE'] || 'WinnerView';
  const metrics = new Metrics({ namespace, logger });
  return {
    begin(context) {
      logger.addContext(context);
      metrics.addMetadata('requestId', context.awsRequestId);
    },
    warn: (message, fields) => logger.warn(message, { ...fields }),
    error: (message, fields) => logger.error(message, { ...fields }),
    counted(counts) {
      logger.info('batch handled', { ...counts });
      for (const [key, [name, unit]] of Object.entries(METRICS)) {
        metrics.addMetric(name, unit, counts[key as keyof Counts]);
      }
      metrics.publishStoredMetrics();
    },
  };
}
