/** The rules hold for the sources as they are; and each would catch a source that breaks it. */
import { describe, expect, test } from '@jest/globals';
import {
  chanceIsWired,
  filesHaveNoCycle,
  handlerStandsAlone,
  importsPointDown,
  isPure,
  loadStandsOutside,
  modelStandsAlone,
  onlyTheEdgeOfTheHandlerActs,
  operationsSimulateNothing,
  pureIsPure,
  simulatorSharesEventTypesOnly,
  type Violations,
  WIRING,
} from './rules.ts';
import { importsOf, readSources, type Source } from './source.ts';

const SOURCES = [...readSources(), ...readSources('load'), ...readSources('scripts')];
const file = (path: string, ...lines: string[]): Source => ({ path, text: lines.join('\n') });

describe('the sources', () => {
  test('are all there', () => {
    const paths = SOURCES.map(({ path }) => path);
    expect(paths).toContain('src/handler/lambda.ts');
    expect(paths).toContain('src/simulator/workload/winner/reference.ts');
    for (const path of Object.keys(WIRING)) expect(paths).toContain(path);
    // Every import of ours leads to a file: a parser that misread one would show here.
    const ours = SOURCES.flatMap(importsOf).filter(({ to }) => to.startsWith('src/'));
    expect(ours.length).toBeGreaterThan(200);
    expect(ours.filter(({ to }) => !paths.includes(to))).toEqual([]);
    expect(SOURCES.filter(({ path }) => isPure(path)).length).toBeGreaterThan(40);
  });

  test.each<[string, (sources: readonly Source[]) => Violations]>([
    ['the handler stands alone', handlerStandsAlone],
    ['only the edge of the handler acts', onlyTheEdgeOfTheHandlerActs],
    [
      'the simulator shares the event types with the handler, and no logic',
      simulatorSharesEventTypesOnly,
    ],
    ['operations simulate nothing', operationsSimulateNothing],
    ['load runs stand outside', loadStandsOutside],
    ['pure code reaches nothing that acts', pureIsPure],
    ['imports point down the block diagram', importsPointDown],
    ['the model imports nothing outside itself', modelStandsAlone],
    ['the files have no cycle, types included', filesHaveNoCycle],
    ['clock, timers and random are in the wiring', chanceIsWired],
  ])('%s', (_, rule) => {
    expect(rule(SOURCES)).toEqual([]);
  });
});

describe('what breaks a rule is found', () => {
  const handler = 'src/handler/handler.ts';
  const reference = 'src/simulator/workload/winner/reference.ts';

  test.each([
    "import { random } from '../simulator/random.ts';",
    "import type { Random } from '../simulator/random.ts';",
    "export { random } from '../simulator/random.ts';",
    "import '../simulator/main.ts';",
    "const late = await import('../simulator/random.ts');",
    "import {\n  random,\n  hash32,\n} from '../simulator/random.ts';",
  ])('the handler imports the simulator: %s', (line) => {
    expect(handlerStandsAlone([file(handler, line)])).toHaveLength(1);
    expect(handlerStandsAlone([file('src/simulator/run/run.ts', line)])).toEqual([]);
  });

  test.each([
    ['src/handler/batch/retry.ts', "import { isServerError } from '@smithy/core/retry';"],
    ['src/handler/batch/retry.ts', "import type { Tables } from '../dynamodb/tables.ts';"],
    ['src/handler/view-store.ts', "import type { Update } from '@aws-sdk/client-dynamodb';"],
    ['src/handler/handler.ts', "import { setTimeout } from 'node:timers/promises';"],
  ])('the handler acts elsewhere than at its edge: %s: %s', (path, line) => {
    expect(onlyTheEdgeOfTheHandlerActs([file(path, line)])).toHaveLength(1);
    expect(onlyTheEdgeOfTheHandlerActs([file('src/handler/dynamodb/reads.ts', line)])).toEqual([]);
  });

  test.each([
    "import { credits } from '../../../handler/domain/product.ts';",
    "import type { Product } from '../../../handler/domain/product.ts';",
    "import { SCHEMA } from '../../../handler/domain/event.ts';",
    "import { type GameEvent, isEvent } from '../../../handler/domain/event.ts';",
    "const entry = new URL('../../../handler/lambda.ts', import.meta.url);",
  ])('the reference shares more than event types: %s', (line) => {
    expect(simulatorSharesEventTypesOnly([file(reference, line)])).toHaveLength(1);
  });

  test.each([
    "import { openLocalWorld } from '../simulator/worlds/local.ts';",
    "import type { World } from '../simulator/worlds/world.ts';",
    "import { credits } from '../handler/domain/product.ts';",
  ])('operations simulate: %s', (line) => {
    expect(operationsSimulateNothing([file('src/ops/live-tables.ts', line)])).toHaveLength(1);
  });

  test.each([
    ['load/engine/feed.ts', "import type { Moment } from '../figures.ts';"],
    ['load/engine/feed.ts', "import { run } from '../../src/simulator/run/run.ts';"],
    ['load/worlds/records-read.ts', "import { decode } from '../../src/handler/domain/decode.ts';"],
  ])('load runs stand inside: %s: %s', (path, line) => {
    expect(loadStandsOutside([file(path, line)])).toHaveLength(1);
  });

  test('what the simulator may share', () => {
    const types = "import type { GameEvent } from '../../../handler/domain/event.ts';";
    const entry = "const entry = new URL('../../handler/lambda.ts', import.meta.url);";
    const allowed = [file(reference, types), file('src/simulator/worlds/local.ts', entry)];
    expect(simulatorSharesEventTypesOnly(allowed)).toEqual([]);
    const logic = "import { task } from '../../handler/batch/product-task.ts';";
    expect(simulatorSharesEventTypesOnly([file('src/simulator/worlds/w.ts', logic)])).toHaveLength(
      1,
    );
    const elsewhere = file('src/simulator/run/run.ts', types.replace('../../../', '../../'));
    expect(simulatorSharesEventTypesOnly([elsewhere])).toHaveLength(1);
  });

  test.each([
    ['src/handler/domain/product.ts', "import { readFileSync } from 'node:fs';"],
    [
      'src/handler/batch/product-task.ts',
      "import type { AttributeValue } from '@aws-sdk/client-dynamodb';",
    ],
    ['src/simulator/check/check.ts', "import { readTable } from '../dynamodb/client/scan.ts';"],
    ['src/simulator/disorder/disorder.ts', "import type { World } from '../worlds/world.ts';"],
    ['src/simulator/report/figures.ts', 'console.log(figures);'],
    ['src/simulator/run/verdict.ts', "if (process.env['LENIENT']) return 'converged';"],
  ])('pure code acts: %s: %s', (path, line) => {
    expect(pureIsPure([file(path, line)])).toHaveLength(1);
  });

  test('pure code acts by way of another', () => {
    const sources = [
      file('src/simulator/check/check.ts', "import { help } from '../helper.ts';"),
      file('src/simulator/helper.ts', "import net from 'node:net';"),
    ];
    expect(pureIsPure(sources)).toEqual([
      'src/simulator/check/check.ts → src/simulator/helper.ts → node:net',
    ]);
    expect(
      pureIsPure([file('src/simulator/event-source-mapping/driver.ts', "import 'node:net';")]),
    ).toEqual([]);
  });

  test('an arrow upwards, also one of types alone', () => {
    const up = file('src/simulator/check/check.ts', "import type { R } from '../run/run.ts';");
    expect(importsPointDown([up])).toEqual([
      'src/simulator/check/check.ts imports types of src/simulator/run/run.ts',
    ]);
    const load = file('src/simulator/run/run.ts', "import { load } from '../../../load/load.ts';");
    expect(importsPointDown([load])).toHaveLength(1);
    const down = file('src/simulator/run/run.ts', "import { check } from '../check/check.ts';");
    expect(importsPointDown([down])).toEqual([]);
    expect(importsPointDown([file('src/simulator/somewhere/else.ts')])).toHaveLength(1);
  });

  test.each([
    ['src/simulator/model/failure.ts', "import type { Scenario } from '../search/scenario.ts';"],
    ['src/simulator/model/failure.ts', "import type { Row } from '../../handler/rows.ts';"],
    ['src/simulator/model/run-result.ts', "import * as v from 'valibot';"],
  ])('the model imports something: %s: %s', (path, line) => {
    expect(modelStandsAlone([file(path, line)])).toHaveLength(1);
    const within = file(path, "import type { Difference } from './workload.ts';");
    expect(modelStandsAlone([within])).toEqual([]);
  });

  test.each(['a', 'type A'])('a cycle between files: { %s }', (name) => {
    const there = file('src/simulator/check/check.ts', `import { ${name} } from './explain.ts';`);
    const back = file('src/simulator/check/explain.ts', "import { b } from './check.ts';");
    expect(filesHaveNoCycle([there, back])).toEqual([
      'src/simulator/check/check.ts → src/simulator/check/explain.ts → src/simulator/check/check.ts',
    ]);
    expect(filesHaveNoCycle([there])).toEqual([]);
  });

  test('a cycle over three files, one of whose imports is of types alone', () => {
    const sources = [
      file('src/simulator/run/a.ts', "import { b } from './b.ts';"),
      file('src/simulator/run/b.ts', "import type { C } from './c.ts';"),
      file('src/simulator/run/c.ts', "import { a } from './a.ts';"),
    ];
    expect(filesHaveNoCycle(sources)).toHaveLength(1);
    expect(filesHaveNoCycle(sources.slice(0, 2))).toEqual([]);
  });

  test.each([
    'const at = Date.now();',
    'const now = Date.now;',
    'const at = new Date();',
    'const at = new Date;',
    'const at = Date();',
    'const random = Math.random();',
    'const id = crypto.randomUUID();',
    "import { randomBytes } from 'node:crypto';",
    'const at = performance.now();',
    "import { setTimeout as delay } from 'node:timers/promises';",
    'setInterval(look, 10);',
    'setImmediate(look);',
    'const signal = AbortSignal.timeout(10);',
    'const text = `at $' + '{Date.now()}`;',
    'const at = Date // why\n  .now();',
  ])('time or chance outside the wiring: %s', (line) => {
    expect(chanceIsWired([file(handler, line)])).toHaveLength(1);
  });

  test.each([
    '// Date.now() is for the wiring',
    '/** No Math.random() here. */',
    'const at = new Date(stamp);',
    'const at = world.now();',
    'interface Clock { sleep(ms: number): Promise<void> }',
    'type Moment = Date;',
  ])('no time and no chance: %s', (line) => {
    expect(chanceIsWired([file(handler, line)])).toEqual([]);
  });

  test('an entry of the wiring that nothing needs', () => {
    expect(chanceIsWired([file('src/cli/main.ts')])).toEqual([
      'src/cli/main.ts: no new Date() any more',
      'src/cli/main.ts: no randomBytes any more',
      'src/cli/main.ts: no performance.now any more',
      'src/cli/main.ts: no setTimeout any more',
    ]);
  });
});
