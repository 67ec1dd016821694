import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { run } from '../../src/cli/commands/run.ts';
import { flagOf } from '../../src/cli/options/option.ts';
import { SIMULATE } from '../../src/cli/simulate.ts';
import type { RunOptions } from '../../src/simulator/model/run-options.ts';
import { context, parse, parsed } from './context.ts';

test('without a flag, everything has its default and the seed is drawn', async () => {
  const options = {
    seed: 'drawn',
    count: 1000,
    entities: { products: 20, users: 10 },
    shuffle: false,
    duplicate: 0,
    delay: 0,
    garbage: 0,
    shards: 2,
    partition: 'key',
    batchSize: 100,
    batchWindow: 0,
    parallelizationFactor: 1,
    retryAttempts: -1,
    bisect: true,
    repeatDelivery: 0,
    kill: 0,
    faults: {},
    faultProfile: { name: 'none', ratios: {} },
    invariants: false,
    handler: undefined,
    world: 'local',
    kinesisServer: 'kinesalite',
    dynamodbServer: 'dynoxide',
    kinesisEndpoint: undefined,
    dynamodbEndpoint: undefined,
    stage: undefined,
    prefix: 'yg938g',
    wait: 900,
    still: 120,
    clean: false,
    yes: false,
  };
  expect(await parse([])).toEqual({
    kind: 'command',
    command: run,
    parsed: { options, reporters: [], out: path.join(context.cwd, 'runs'), config: undefined },
  });
});

describe('good values', () => {
  const file = `${context.cwd}context.ts`;
  test.each<[string, Partial<RunOptions>]>([
    ['--count 1', { count: 1 }],
    ['--count 10000', { count: 10000, entities: { products: 100, users: 40 } }],
    ['--count 007', { count: 7 }],
    ['--seed 007', { seed: '007' }],
    ['--seed true', { seed: 'true' }],
    ['--seed=', { seed: '' }],
    ['--seed=--x=y', { seed: '--x=y' }],
    ['--seed -5', { seed: '-5' }],
    ['--products 3 --users 4', { entities: { products: 3, users: 4 } }],
    ['--entity products=3', { entities: { products: 3, users: 10 } }],
    [
      `--workload ${file} --handler ${file} --entity pages=3 --users 4`,
      { entities: { pages: 3, users: 4 } },
    ],
    ['--shuffle', { shuffle: true, duplicate: 0.1, delay: 0.05 }],
    ['--shuffle 50', { shuffle: 50, duplicate: 0.1, delay: 0.05 }],
    ['--shuffle=50', { shuffle: 50 }],
    ['--shuffle --count 5', { shuffle: true, count: 5 }],
    ['--no-shuffle', { shuffle: false, duplicate: 0, delay: 0 }],
    ['--shuffle --duplicate 0 --delay 1', { shuffle: true, duplicate: 0, delay: 1 }],
    ['--delay 0.2 --shuffle', { shuffle: true, duplicate: 0.1, delay: 0.2 }],
    ['--duplicate .5', { shuffle: false, duplicate: 0.5, delay: 0 }],
    ['--garbage 1e-3', { garbage: 0.001 }],
    ['--shards 8', { shards: 8 }],
    [
      '--world aws --stage dev',
      { world: 'aws', stage: 'dev', prefix: 'yg938g', wait: 900, still: 120 },
    ],
    ['--world aws --stage product --prefix a.1', { stage: 'product', prefix: 'a.1', yes: false }],
    ['--world aws --stage prod --yes --clean', { stage: 'prod', yes: true, clean: true }],
    ['--world aws --stage dev --wait 60 --still 5', { wait: 60, still: 5 }],
    ['--partition random', { partition: 'random' }],
    ['--batch-size 10000', { batchSize: 10000 }],
    ['--batch-window 300', { batchWindow: 300 }],
    ['--parallelization-factor 10', { parallelizationFactor: 10 }],
    ['--retry-attempts -1', { retryAttempts: -1 }],
    ['--retry-attempts=10000', { retryAttempts: 10000 }],
    ['--retry-attempts 0', { retryAttempts: 0 }],
    ['--bisect', { bisect: true }],
    ['--no-bisect', { bisect: false }],
    ['--bisect false', { bisect: false }],
    ['--repeat-delivery 1', { repeatDelivery: 1 }],
    ['--kill 5', { kill: 5 }],
    ['--fault throttled=0.05', { faults: { throttled: 0.05 } }],
    ['--fault=slow=1', { faults: { slow: 1 } }],
    [
      '--fault answer-lost=.02 --fault index-lag=1e-3',
      { faults: { 'answer-lost': 0.02, 'index-lag': 0.001 } },
    ],
    ['--handler context.ts', { handler: file }],
    ['--handler ./context.ts#context', { handler: `${file}#context` }],
    [`--handler ${file}`, { handler: file }],
    ['--world local', { world: 'local' }],
    ['--kinesis-server kinesis-local', { kinesisServer: 'kinesis-local' }],
    ['--dynamodb-server dynamodb-local', { dynamodbServer: 'dynamodb-local' }],
    ['--kinesis-endpoint http://localhost:4567/', { kinesisEndpoint: 'http://localhost:4567' }],
    ['--dynamodb-endpoint https://[::1]:8000', { dynamodbEndpoint: 'https://[::1]:8000' }],
    ['--dynamodb-endpoint http://127.0.0.2:1', { dynamodbEndpoint: 'http://127.0.0.2:1' }],
  ])('%s', async (words, expected) => {
    expect(await parsed(...words.split(' '))).toMatchObject(expected);
  });

  test.each([
    ['--json', [{ name: 'json', file: undefined }]],
    ['--reporter json', [{ name: 'json', file: undefined }]],
    [
      '--reporter junit=a/b=c.xml --json --reporter github',
      [
        { name: 'junit', file: path.join(context.cwd, 'a/b=c.xml') },
        { name: 'github', file: undefined },
        { name: 'json', file: undefined },
      ],
    ],
  ])('%s: reporters', async (words, reporters) => {
    expect(await parse(words.split(' '))).toMatchObject({ parsed: { reporters } });
  });
});

describe('bad values get one line that says what would be right', () => {
  test.each<[string, RegExp]>([
    [
      '--count ten',
      /^--count takes a whole number from 1 to \d+, such as --count 1000; got "ten"$/,
    ],
    ['--count', /^--count takes .*; got none$/],
    ['--count=', /got ""/],
    ['--count 0', /got "0"/],
    ['--count 1.5', /got "1.5"/],
    ['--count 1e3', /got "1e3"/],
    ['--count 0x10', /got "0x10"/],
    ['--count Infinity', /got "Infinity"/],
    ['--count 99999999999999999999', /from 1 to/],
    ['--no-count', /^--no-count: --count takes/],
    ['--count 1 --count 2', /^--count was given twice/],
    ['--shuffle --shuffle 5', /^--shuffle was given twice/],
    ['--bisect --no-bisect', /^--bisect was given twice/],
    ['--json --json', /^--json was given twice/],
    ['--seed', /^--seed takes a text.*--seed=-S/],
    ['--seed --count 5', /^--seed takes a text/],
    ['--products 0', /^--products takes/],
    ['--users -1', /^--users takes/],
    ['--entity users', /^--entity takes NAME=COUNT/],
    ['--entity users=0', /^--entity takes NAME=COUNT/],
    ['--entity users=1 --entity users=2', /^--entity users was given twice/],
    ['--entity users=1 --users 2', /^--entity users was given twice/],
    ['--shuffle=abc', /^--shuffle takes .*--shuffle 50; got "abc"$/],
    ['--shuffle 0', /got "0"/],
    ['--shuffle -5', /got "-5"/],
    ['--shuffle=', /got ""/],
    [
      '--duplicate 1.1',
      /^--duplicate takes a number from 0 to 1, such as --duplicate 0.1; got "1.1"/,
    ],
    ['--duplicate -0.1', /^--duplicate/],
    ['--duplicate 10%', /got "10%"/],
    ['--delay NaN', /^--delay/],
    ['--garbage 1e9', /^--garbage/],
    ['--repeat-delivery two', /^--repeat-delivery/],
    ['--kill -1', /^--kill takes a whole number from 0/],
    ['--kill 1 --kill 2', /^--kill was given twice/],
    ['--fault', /^--fault takes NAME=RATIO, such as --fault throttled=0.05; got none$/],
    ['--no-fault', /^--no-fault: --fault takes NAME=RATIO/],
    ['--fault throttled', /^--fault takes NAME=RATIO.*; got "throttled"$/],
    ['--fault throtled=0.1', /^--fault: there is no fault "throtled"; did you mean throttled\?$/],
    ['--fault zzzzzzzz=0.1', /^--fault: there is no fault "zzzzzzzz", only throttled, conflict/],
    ['--fault __proto__=0.1', /^--fault: there is no fault "__proto__"/],
    [
      '--fault slow=0',
      /^--fault takes a RATIO over 0 and at most 1, such as --fault slow=0.05; got "slow=0"$/,
    ],
    ['--fault slow=1.1', /at most 1/],
    ['--fault slow=', /at most 1/],
    ['--fault slow=0x1', /at most 1/],
    ['--fault slow=0.1=0.2', /at most 1/],
    ['--fault slow=0.1 --fault slow=0.2', /^--fault slow was given twice; once is enough$/],
    ['--shards 0', /^--shards/],
    ['--batch-size 10001', /^--batch-size takes a whole number from 1 to 10000/],
    ['--batch-window 301', /^--batch-window takes a whole number from 0 to 300/],
    ['--batch-window 0.5', /^--batch-window/],
    ['--parallelization-factor 11', /from 1 to 10,/],
    ['--retry-attempts -2', /from -1 to 10000/],
    ['--retry-attempts 10001', /from -1 to 10000/],
    ['--bisect=foo', /^--bisect takes no value/],
    ['--json=5', /^--json takes no value/],
    ['--reporter xml', /^--reporter takes json or junit or github/],
    [
      '--reporter json --reporter junit',
      /^json and junit exclude each other on stdout: .*--reporter junit=junit.xml$/,
    ],
    ['--reporter github=x.md', /^--reporter github takes no file/],
    ['--reporter json=', /^--reporter takes NAME=FILE, such as .*; got "json="$/],
    ['--out', /^--out takes a folder, such as --out runs/],
    ['--partition kee', /key or random; got "kee" \(did you mean key\?\)/],
    ['--world aws', /^--world aws takes the stage of a deployed stack: --world aws --stage dev$/],
    [
      '--world aws --stage a/b',
      /^--stage takes a stage's name: .*, such as --stage dev; got "a\/b"$/,
    ],
    [
      '--world aws --stage dev --kill 5',
      /^--kill has no effect with --world aws: leave it out, or use --world local or --world memory$/,
    ],
    ['--world aws --stage dev --batch-size 5', /^--batch-size has no effect with --world aws/],
    ['--world aws --stage dev --no-bisect', /^--bisect has no effect with --world aws/],
    ['--world aws --stage dev --handler context.ts', /^--handler has no effect with --world aws/],
    ['--world aws --stage dev --shards 2', /^--shards has no effect with --world aws/],
    ['--world aws --stage prod', /^the stage prod is production by its name, .* add --yes/],
    ['--world aws --stage eu-Production2', /^the stage eu-Production2 is production by its name/],
    ['--stage dev', /^--stage has no effect with --world local: leave it out, or use --world aws$/],
    [
      '--world memory --clean',
      /^--clean has no effect with --world memory: leave it out, or use --world aws$/,
    ],
    ['--world aws --stage dev --prefix a:b', /^--prefix takes up to 32 letters, .*; got "a:b"$/],
    [
      '--fault crash=0.1',
      /^--fault crash has no effect with --world local: .* use --world memory$/,
    ],
    ['--faults mild', /^--faults takes none, light, heavy, or a JSON file such as/],
    ['--world moon', /^--world takes local or memory or aws; got "moon"$/],
    ['--kinesis-server dynoxide', /^--kinesis-server takes kinesalite or kinesis-local/],
    ['--dynamodb-server', /got none/],
    ['--handler', /^--handler takes a file/],
    ['--handler nowhere.ts', /^--handler: there is no file \/.*\/cli\/nowhere\.ts$/],
    ['--handler ../cli', /there is no file/],
    ['--handler context.ts#', /^--handler takes a file/],
    ['--kinesis-endpoint localhost:4567', /an http or https URL/],
    ['--kinesis-endpoint ftp://localhost', /an http or https URL/],
    ['--kinesis-endpoint https://kinesis.eu-west-1.amazonaws.com', /this machine only/],
    ['--dynamodb-endpoint http://127.0.0.1.example.com', /this machine only/],
    ['--dynamodb-endpoint http://localhost@example.com', /not example.com$/],
    ['--dynamodb-endpoint http://0.0.0.0:1', /this machine only/],
    ['--kinesis-server kinesalite --kinesis-endpoint http://localhost:1', /exclude each other/],
    ['--shufle', /^unknown flag --shufle; did you mean --shuffle\?$/],
    ['--no-shufle', /^unknown flag --no-shufle; did you mean --shuffle\?$/],
    ['--batchsize=4', /^unknown flag --batchsize; did you mean --batch-size\?$/],
    ['--batchSize 4', /did you mean --batch-size\?$/],
    ['--dup 0.1', /did you mean --duplicate\?$/],
    ['--zzzzzz', /^unknown flag --zzzzzz; see --help$/],
    ['-x', /^unknown flag -x; see --help$/],
    ['--count.x 5', /^unknown flag --count.x/],
    ['shuffle', /^unknown argument "shuffle"; did you mean --shuffle\?$/],
    ['-- --shuffle', /^unknown argument "--shuffle"/],
    ['--count 5 6', /^unknown argument "6"; see --help$/],
    ['exlpore', /^unknown command "exlpore"; did you mean explore\?$/],
    ['mutant --seed 5', /^unknown command "mutant"; did you mean mutants\?$/],
    ['explore 5', /^unknown argument "5"; see --help$/],
    ['explore --keep-gong', /^unknown flag --keep-gong; did you mean --keep-going\?$/],
    ['replay', /^an argument is missing: npx simulate replay FILE \[options\]$/],
    ['compare a', /^an argument is missing: npx simulate compare LEFT RIGHT \[options\]$/],
    ['--workload context.ts', /^--workload needs --handler: add --handler$/],
    ['--world memory --invariants', /^--invariants needs --handler: add --handler$/],
    [
      '--handler context.ts --invariants',
      /^--invariants has no effect with --world local: leave it out, or use --world memory$/,
    ],
    [
      '--world memory --kinesis-server kinesalite',
      /^--kinesis-server has no effect with --world memory: leave it out, or use --world local$/,
    ],
    ['explore --count 3', /^--count needs --exhaustive: add --exhaustive$/],
    ['explore --exhaustive --seed s', /^--seed and --exhaustive exclude each other: give one/],
    [
      'redrive --stage dev --all --reason x',
      /^--all and --reason exclude each other: give one of them$/,
    ],
    ['replay x.json --world local --mutant x', /^--mutant needs --world memory: /],
  ])('%s', async (words, expected) => {
    const message = await parsed(...words.split(' '));
    expect(message).toMatch(expected);
    expect(message).not.toContain('\n');
  });

  test('also where the words themselves have more than one', async () => {
    for (const argv of [
      ['--cou\nnt'],
      ['a\u001b[2J\nb'],
      ['--count', 'a\nb'],
      ['--handler', 'a\nb'],
    ]) {
      const message = await parsed(...argv);
      expect(message).not.toMatch(/\p{Cc}/u);
    }
  });
});

test('a usage error has the option that is wrong, and where it was written', async () => {
  const commandLine = await parse(['--shuffle', '--count', 'ten']);
  expect(commandLine).toMatchObject({
    kind: 'usage',
    option: { flag: 'count', configFile: undefined },
  });
});

test('a flag that is off contradicts none', async () => {
  expect(await parse('explore --no-exhaustive --seed s'.split(' '))).toMatchObject({
    kind: 'command',
    parsed: { exhaustive: false, seed: 's' },
  });
});

test.each(SIMULATE.commands)(
  'the help of $name has examples and exit statuses',
  async (command) => {
    const words = command.name === undefined ? ['--help'] : [command.name, '--help'];
    const help = await parse(words);
    if (help.kind !== 'help') throw new Error(help.kind);
    expect(help.text).toContain(command.description.slice(0, 40));
    for (const key of Object.keys(command.options))
      expect(help.text).toContain(`--${flagOf(key)} `);
    for (const [words] of command.examples) expect(help.text).toContain(words.slice(0, 20));
    for (const status of ['  0 ', ' 64 wrong usage', ' 70 ', '130 Ctrl-C'])
      expect(help.text).toContain(status);
  },
);

test('help names every flag and fits a terminal; version is the version', async () => {
  const help = await parse(['--help', '--count', 'ten']);
  if (help.kind !== 'help') throw new Error(help.kind);
  for (const key of Object.keys(run.options)) expect(help.text).toContain(`--${flagOf(key)} `);
  expect(help.text).toContain('Examples:');
  expect(Math.max(...help.text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  expect(await parse(['--version'])).toEqual({
    kind: 'version',
    text: '1.2.3\n',
  });
});
