/**
 * The function's role: what the handler asked for in hundreds of runs with copies, malformed records, crashes and every
 * fault, and the few things that Lambda does in its name. Nothing is missing, nothing is to spare.
 */
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { SITUATIONS } from '../../src/handler/ports.ts';
import { actionsOf } from '../../src/simulator/dynamodb/gateway/actions.ts';
import type { GatewayRequest } from '../../src/simulator/dynamodb/gateway/request.ts';
import { PROFILES } from '../../src/simulator/model/fault-profiles.ts';
import { draw } from '../../src/simulator/search/draw.ts';
import { runScenario } from '../../src/simulator/search/run-scenario.ts';
import { winner } from '../../src/simulator/workload/winner/winner.ts';
import { copyProject, type Json, packageStack } from '../support/package-stack.ts';

jest.setTimeout(60_000);
/** Some hundreds will do; more than that, and a situation has become out of reach. */
const RUNS_MAX = 5_000;

/** What Lambda does by itself with this role, by resource. */
const LAMBDAS_OWN: Readonly<Record<string, readonly string[]>> = {
  // Reading the stream: GetRecords and what leads to it; the mapping asks for DescribeStream by name.
  stream: [
    'kinesis:DescribeStream',
    'kinesis:DescribeStreamSummary',
    'kinesis:GetRecords',
    'kinesis:GetShardIterator',
    'kinesis:ListShards',
  ],
  // The destination of what was discarded.
  FailureQueue: ['sqs:SendMessage'],
  // Each environment's stream of lines. The group is the stack's, so it needn't be created.
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
  // Permissions that are given elsewhere than in the role.
  const types = Object.values<Json>(template.Resources).map(({ Type }) => Type);
  expect(
    types.filter((type) => /^AWS::IAM::.*Policy$|^AWS::Lambda::Permission$/.test(type)),
  ).toEqual([]);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('allows what the handler and Lambda ask for, and nothing else', async () => {
  const needed = new Map(Object.entries(LAMBDAS_OWN).map(([name, list]) => [name, new Set(list)]));
  for (const [resource, actions] of await permissionsNeeded()) needed.set(resource, actions);
  expect(permissionsGiven()).toEqual(needed);
});

test('is for Lambda only', () => {
  expect(role.AssumeRolePolicyDocument.Statement).toEqual([
    { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ]);
  expect(role.ManagedPolicyArns).toBeUndefined();
});

/** Actions by the logical id of the resource that they are allowed on. */
function permissionsGiven(): ReadonlyMap<string, ReadonlySet<string>> {
  const given = new Map<string, Set<string>>();
  for (const { PolicyDocument } of role.Policies) {
    for (const { Effect, Action, Resource } of PolicyDocument.Statement) {
      expect(Effect).toBe('Allow');
      // `*` or a pattern would be text: each resource is one of the stack's own.
      const name = Resource['Fn::GetAtt']?.[0] ?? (Resource['Fn::If'] && 'stream');
      expect([Resource, name]).toEqual([Resource, expect.any(String)]);
      given.set(name, new Set([...(given.get(name) ?? []), ...[Action].flat()]));
    }
  }
  return given;
}

/** By the requests of runs that brought the handler into everything it can get into. */
async function permissionsNeeded(): Promise<ReadonlyMap<string, Set<string>>> {
  const needed = new Map<string, Set<string>>();
  const unmet = new Set<string>(SITUATIONS);
  // Then it asks for nothing more.
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
