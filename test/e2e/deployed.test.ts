/** The commands for a deployed stack, as processes, with local servers in AWS's place. */
import { ScanCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import {
  type Deployed,
  type DeployedServers,
  startDeployedServers,
} from '../support/deployed-servers.ts';
import { start } from './simulate.ts';

jest.setTimeout(60_000);
let servers: DeployedServers;
beforeAll(async () => {
  servers = await startDeployedServers();
});
afterAll(() => servers.stop());

/** The environment of an account without AWS credentials, whatever machine this runs on. */
const SIGNED_OUT = {
  ...{ AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', AWS_SESSION_TOKEN: '', AWS_PROFILE: '' },
  ...{ AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' },
  AWS_EC2_METADATA_DISABLED: 'true',
};

function command(words: string, env: Readonly<Record<string, string>> = servers.environment) {
  return start(words.split(' '), { env }).ended;
}

/** A score's user, after one was added to it. */
async function changeOneScore({ tableName }: Deployed): Promise<string> {
  const { Items = [] } = await servers.dynamoDb.send(
    new ScanCommand({ TableName: tableName('Scores') }),
  );
  const { userId, role } = Items[0] ?? {};
  if (userId === undefined || role === undefined) throw new Error('there is no score');
  await servers.dynamoDb.send(
    new UpdateItemCommand({
      TableName: tableName('Scores'),
      Key: { userId, role },
      UpdateExpression: 'ADD score :one',
      ExpressionAttributeValues: { ':one': { N: '1' } },
    }),
  );
  return `${userId.S}, ${role.S}`;
}

test('a run converges; one score changed by hand is named, repaired, and agreed upon', async () => {
  const deployed = await servers.deploy();
  const mapping = deployed.deliver();
  const { stage } = deployed;
  const run = await command(
    `--world aws --stage ${stage} --seed e2e --shuffle --count 100 --wait 60`,
  );
  expect(run).toMatchObject({ status: 0 });
  expect(run.stdout).toMatch(
    /^world +aws · stage t\w+ · prefix \w+ · wait 60 s · still 120 s · clean off$/m,
  );
  expect(run.stdout).toMatch(/CONVERGED/);
  expect(run.stdout).toMatch(/^pushed +[\d,]+ records\/s$/m);
  expect(run.stdout).toMatch(/^sentinels +\d+\.\d s at most, from the put to the row$/m);
  expect(run.stdout).not.toMatch(/^(delivery|units|kills)/m);
  await mapping.stop();

  expect(await command(`audit --stage ${stage}`)).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('the tables agree with themselves'),
  });
  const name = await changeOneScore(deployed);
  // Without a CloudFormation beside this DynamoDB, the names are those that serverless.yml gives to
  // the stage.
  const { AWS_ENDPOINT_URL_CLOUDFORMATION: _, ...withoutStack } = servers.environment;
  const found = await command(`audit --stage ${stage} --pause 1s`, withoutStack);
  expect(found.status).toBe(2);
  expect(found.stdout).toContain(`off: ${stage}-Scores ${name} (wrong)\n  expected  score `);
  const repaired = await command(`audit --stage ${stage} --pause 1s --repair`);
  expect(repaired.status).toBe(0);
  expect(repaired.stdout).toContain(`repaired: ${stage}-Scores ${name} (wrong)`);
  expect((await command(`audit --stage ${stage}`)).status).toBe(0);
});

test('Ctrl-C ends the wait', async () => {
  const { stage } = await servers.deploy();
  const words = `--world aws --stage ${stage} --count 20 --seed e2e`.split(' ');
  const simulation = start(words, { env: servers.environment });
  await simulation.said('deliver');
  simulation.child.kill('SIGINT');
  expect(await simulation.ended).toMatchObject({ status: 130 });
});

test.each<[string, Readonly<Record<string, string>>, number, RegExp]>([
  ['no region', { AWS_REGION: '' }, 64, /^simulate: no AWS region is set: set AWS_REGION, such as/],
  [
    'no credentials',
    SIGNED_OUT,
    69,
    /^simulate: no AWS credentials were found; set AWS_PROFILE, or /,
  ],
  [
    'no server',
    { AWS_ENDPOINT_URL_CLOUDFORMATION: 'http://127.0.0.1:1' },
    69,
    /^simulate: CloudFormation at http:\/\/127\.0\.0\.1:1 can't be reached: .*ECONNREFUSED/,
  ],
  [
    'no stack',
    {},
    64,
    /^simulate: there is no stack winner-view-none in us-east-1: deploy it with/,
  ],
])('%s is one line', async (_, changes, status, line) => {
  const env = { ...SIGNED_OUT, ...servers.environment, ...changes };
  for (const words of [
    '--world aws --stage none --json',
    'audit --stage none',
    'redrive --stage none',
  ]) {
    const ended = await command(words, env);
    expect({ words, status: ended.status }).toEqual({ words, status });
    const said = ended.stderr.split('\n').filter((each) => each.startsWith('simulate:'));
    expect(said).toEqual([expect.stringMatching(line)]);
  }
});

test.each([
  ['audit', /^simulate: audit takes the stage of a deployed stack: add --stage dev$/m],
  [
    'audit --stage prod --repair',
    /^simulate: the stage prod is production by its name, .* add --yes/m,
  ],
  ['audit --stage dev --fix', /^simulate: unknown flag --fix; see --help$/m],
  ['redrive --stage dev --all --reason x', /^simulate: --all and --reason exclude each other/m],
  ['redrive --stage prod --all', /^simulate: the stage prod is production by its name/m],
])('%s is refused', async (words, line) => {
  const ended = await command(words);
  expect(ended.status).toBe(64);
  expect(ended.stderr).toMatch(line);
});
