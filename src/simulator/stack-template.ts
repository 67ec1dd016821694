/**
 * Tables, stream and function as serverless.yml defines them for a stage. Local worlds are made from the
 * deployed definitions, so the two can't drift apart.
 */
import { readFileSync } from 'node:fs';
import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { type CollectionTag, parse, type ScalarTag } from 'yaml';

export interface TableInStack {
  /** The name of the resource in the template. */
  readonly logicalId: string;
  readonly input: CreateTableCommandInput & { readonly TableName: string };
}

/** The template lacks a definition, or has one that can't be resolved. */
export class TemplateUnusable extends Error {
  override readonly name = 'TemplateUnusable';
}

/** Takes the text of serverless.yml. Throws {@link TemplateUnusable}. */
export function tableDefinitions(text: string, stage: string): readonly TableInStack[] {
  const service = parseService(text);
  const resources = asObject(asObject(service['resources'])['Resources']);
  const tables = Object.entries(resources).flatMap(([logicalId, value]) => {
    const resource = asObject(value);
    if (resource['Type'] !== 'AWS::DynamoDB::Table') return [];
    const properties = asObject(resolveVariables(resource['Properties'], service, stage));
    return [{ logicalId, input: createTableInput(logicalId, properties) }];
  });
  if (tables.length === 0) {
    throw new TemplateUnusable('resources.Resources has no AWS::DynamoDB::Table');
  }
  return tables;
}

export interface StreamInStack {
  /** The name of the resource in the template. */
  readonly logicalId: string;
  readonly name: string;
  readonly retentionHours: number;
}

/** The stream that the stack creates unless it uses an existing one. Throws {@link TemplateUnusable}. */
function streamDefinition(text: string, stage: string): StreamInStack {
  const service = parseService(text);
  const resources = asObject(asObject(service['resources'])['Resources']);
  for (const [logicalId, value] of Object.entries(resources)) {
    const resource = asObject(value);
    if (resource['Type'] !== 'AWS::Kinesis::Stream') continue;
    const { Name, RetentionPeriodHours } = asObject(resource['Properties']);
    const name = resolveVariables(Name, service, stage);
    // Kinesis keeps 24 hours by default.
    const retentionHours = Number(resolveVariables(RetentionPeriodHours ?? 24, service, stage));
    if (typeof name !== 'string') {
      throw new TemplateUnusable(`${logicalId} has no Name that can be resolved`);
    }
    return { logicalId, name, retentionHours };
  }
  throw new TemplateUnusable('resources.Resources has no AWS::Kinesis::Stream');
}

export interface FunctionInStack {
  readonly timeoutMs: number;
  readonly memoryMb: number;
}

/** The stack's one function. Throws {@link TemplateUnusable}. */
export function functionDefinition(text: string, stage: string): FunctionInStack {
  const service = parseService(text);
  const [definition] = Object.values(asObject(service['functions']));
  const { timeout: timeoutSeconds, memorySize } = asObject(definition);
  const timeoutMs = Number(resolveVariables(timeoutSeconds, service, stage)) * 1000;
  const memoryMb = Number(resolveVariables(memorySize, service, stage));
  if (!(timeoutMs > 0 && memoryMb > 0)) {
    throw new TemplateUnusable('functions has none with a timeout and a memorySize');
  }
  return { timeoutMs, memoryMb };
}

/** From this project's own serverless.yml. */
export function readFunctionDefinition(stage: string): FunctionInStack {
  return functionDefinition(ownTemplate(), stage);
}

/** From this project's own serverless.yml. */
export function readTableDefinitions(stage: string): readonly TableInStack[] {
  return tableDefinitions(ownTemplate(), stage);
}

/** From this project's own serverless.yml. */
export function readStreamDefinition(stage: string): StreamInStack {
  return streamDefinition(ownTemplate(), stage);
}

function ownTemplate(): string {
  return readFileSync(new URL('../../serverless.yml', import.meta.url), 'utf8');
}

/** Properties that `CreateTable` takes; the others (backups, tags, ...) matter on AWS only. */
const CREATE_TABLE_PROPERTIES = [
  'TableName',
  'AttributeDefinitions',
  'KeySchema',
  'BillingMode',
  'ProvisionedThroughput',
  'GlobalSecondaryIndexes',
  'LocalSecondaryIndexes',
  'StreamSpecification',
] as const;

function createTableInput(
  logicalId: string,
  properties: Readonly<Record<string, unknown>>,
): TableInStack['input'] {
  if (typeof properties['TableName'] !== 'string') {
    throw new TemplateUnusable(`${logicalId} has no TableName that can be resolved`);
  }
  return Object.fromEntries(
    CREATE_TABLE_PROPERTIES.flatMap((name) =>
      properties[name] === undefined ? [] : [[name, properties[name]]],
    ),
  ) as unknown as TableInStack['input'];
}

function parseService(text: string): Readonly<Record<string, unknown>> {
  try {
    return asObject(parse(text, { customTags: CLOUDFORMATION_TAGS }));
  } catch (error) {
    throw new TemplateUnusable(`not YAML: ${(error as Error).message}`, { cause: error });
  }
}

/** The short forms of CloudFormation's functions, which only AWS can evaluate. */
const CLOUDFORMATION_TAGS = [
  'And Base64 Cidr Condition Equals FindInMap GetAtt GetAZs If ImportValue Join Not Or Ref Select',
  'Split Sub Transform',
]
  .join(' ')
  .split(' ')
  .flatMap((name): (ScalarTag | CollectionTag)[] => [
    { tag: `!${name}`, resolve: (text: string) => ({ [name]: text }) },
    { tag: `!${name}`, collection: 'seq', resolve: (list) => ({ [name]: list }) as never },
    { tag: `!${name}`, collection: 'map', resolve: (map) => ({ [name]: map }) as never },
  ]);

const DEPTH_MAX = 20;

/** Replaces `${...}` in every string of the value; throws at one that can't be resolved. */
function resolveVariables(
  value: unknown,
  service: Readonly<Record<string, unknown>>,
  stage: string,
  depth = 0,
): unknown {
  if (depth > DEPTH_MAX) throw new TemplateUnusable('variables refer to each other in a cycle');
  const resolve = (part: unknown) => resolveVariables(part, service, stage, depth + 1);
  if (Array.isArray(value)) return value.map(resolve);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, resolve(part)]));
  }
  if (typeof value !== 'string') return value;
  const whole = /^\$\{([^{}]*)\}$/.exec(value)?.[1];
  // A variable that is the whole text keeps its type.
  if (whole !== undefined) return resolve(lookUp(whole, service, stage));
  const replaced = value.replaceAll(/\$\{([^{}]*)\}/g, (_, variable: string) =>
    String(resolve(lookUp(variable, service, stage))),
  );
  return replaced === value ? value : resolve(replaced);
}

/** The first alternative of `a, b, 'text'` that resolves. */
function lookUp(
  variable: string,
  service: Readonly<Record<string, unknown>>,
  stage: string,
): unknown {
  for (const alternative of variable.split(',').map((text) => text.trim())) {
    const text = /^'(.*)'$|^"(.*)"$/.exec(alternative);
    if (text !== null) return text[1] ?? text[2];
    if (alternative === 'sls:stage' || alternative === 'opt:stage') return stage;
    const [source, path = ''] = alternative.split(':');
    if (source === 'self') {
      const found = walk(service, path);
      if (found !== undefined) return found;
    }
    if (source === 'param') {
      const params = asObject(service['params']);
      const found = asObject(params[stage])[path] ?? asObject(params['default'])[path];
      if (found !== undefined) return found;
    }
    if (/^(true|false|\d+)$/.test(alternative)) return JSON.parse(alternative);
  }
  throw new TemplateUnusable(`\${${variable}} can't be resolved`);
}

function walk(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((found, name) => (name === '' ? found : asObject(found)[name]), value);
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
