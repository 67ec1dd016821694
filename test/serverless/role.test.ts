/**
 * The function's role allows exactly the requests that the handler made in hundreds of runs with copies, malformed
 * records, crashes and every fault, and the few that Lambda makes with this role.
 */
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { SITUATIONS } from '../../src/handler/batch/situations.ts';
import { actionsOf } from '../../src/simulator/dynamodb/gateway/actions.ts';
import type { GatewayRequest } from '../../src/simulator/dynamodb/gateway/request.ts';
import { PROFILES } from '../../src/simulator/model/fault-profiles.ts';
import { draw } from '../../src/simulator/search/draw.ts';
import { runScenario } from '../../src/simulator/search/run-scenario.ts';
import { winner } from '../../src/simulator/workload/winner/winner.ts';
import { copyProject, type Json, packageStack } from '../support/package-stack.ts';

jest.setTimeout(60_000);
/** Some hundreds suffice; after this many, a situation has become unreachable. */
const RUNS_MAX = 5_000;

/** Lambda's own requests with this role, by resource. */
const LAMBDAS_OWN: Readonly<Record<string, readonly string[]>> = {
  // To read the stream. Creating the mapping requires DescribeStream.
  stream: [
    'kinesis:DescribeStream',
    'kinesis:DescribeStreamSummary',
    'kinesis:GetRecords',
    'kinesis:GetShardIterator',
    'kinesis:ListShards',
  ],
  // The destination of discarded batches.
  FailureQueue: ['sqs:SendMessage'],
  // A log stream for each environment. The stack creates the log group.
  WinnerLogGroup: ['logs:CreateLogStream', 'logs:PutLogEvents'],
};

let folder = '';
let role: Json;
beforeAll(async () => {
  folder = await copyProject();
  const { template } = await packageStack(folder, 'dev');
  const roles = Object.values<Json>(template.Resources).filter(
    ({ Type }) => Type === 'AWS::IAM::Role',
  );
  expect(roles).toHaveLength(1);
  role = roles[0].Properties;
  // Permissions outside the role.
  const types = Object.values<Json>(template.Resources).map(({ Type }) => Type);
  expect(
    types.filter((type) => /^AWS::IAM::.*Policy$|^AWS::Lambda::Permission$/.test(type)),
  ).toEqual([]);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('allows the requests of the handler and of Lambda, and no others', async () => {
  const needed = new Map(Object.entries(LAMBDAS_OWN).map(([name, list]) => [name, new Set(list)]));
  for (const [resource, actions] of await permissionsNeeded()) needed.set(resource, actions);
  expect(permissionsGranted()).toEqual(needed);
});

test('can be assumed by Lambda only', () => {
  expect(role.AssumeRolePolicyDocument.Statement).toEqual([
    { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ]);
  expect(role.ManagedPolicyArns).toBeUndefined();
});

/** Actions by the logical id of the resource that they are allowed on. */
function permissionsGranted(): ReadonlyMap<string, ReadonlySet<string>> {
  const granted = new Map<string, Set<string>>();
  for (const { PolicyDocument } of role.Policies) {
    for (const { Effect, Action, Resource } of PolicyDocument.Statement) {
      expect(Effect).toBe('Allow');
      // `*` or a pattern would be a string: each resource is one of the stack's own.
      const name = Resource['Fn::GetAtt']?.[0] ?? (Resource['Fn::If'] && 'stream');
      expect([Resource, name]).toEqual([Resource, expect.any(String)]);
      granted.set(name, new Set([...(granted.get(name) ?? []), ...[Action].flat()]));
    }
  }
  return granted;
}

/** From the requests of runs that reached every situation of the handler. */
async function permissionsNeeded(): Promise<ReadonlyMap<string, Set<string>>> {
  const needed = new Map<string, Set<string>>();
  const unmet = new Set<string>(SITUATIONS);
  // The handler makes no request then.
  unmet.delete('time was up');
  const onRequest = ({ operation, input }: GatewayRequest): void => {
    for (const { kind, table } of actionsOf(operation, input)) {
      // A transaction needs the permission of each action in it, such as UpdateItem.
      const action = operation.startsWith('Transact') ? `${kind}Item` : operation;
      const resource = `${table.replace(/^.*-/, '')}Table`;
      needed.set(resource, (needed.get(resource) ?? new Set()).add(`dynamodb:${action}`));
    }
  };
  for (let run = 0; unmet.size > 0 && run < RUNS_MAX; run++) {
    const scenario = draw(`role ${run}`, { workload: winner, faults: PROFILES.heavy });
    const outcome = await runScenario(scenario, { workload: winner, observers: { onRequest } });
    for (const situation of outcome.situations) unmet.delete(situation);
  }
  expect(unmet).toEqual(new Set());
  return needed;
}
