/**
 * The handler's log in Lambda: structured logs and metrics, by AWS Lambda Powertools.
 * docs/operations/runbook.md explains each. Both are lines on stdout, written before the
 * invocation returns.
 */
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Context } from 'aws-lambda';
import type { Counts, Log } from './ports.ts';

export interface Telemetry extends Log {
  /** The lines that follow belong to this invocation. */
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

/** Reads POWERTOOLS_SERVICE_NAME, POWERTOOLS_METRICS_NAMESPACE and POWERTOOLS_LOG_LEVEL. */
export function createTelemetry(environment: NodeJS.ProcessEnv): Telemetry {
  const logger = new Logger();
  // Without a namespace, as in a worker of the simulator, each invocation would log a warning.
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
