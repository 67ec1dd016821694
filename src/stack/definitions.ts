/**
 * The tables and the stream as serverless.yml defines them, for a stage: what is deployed and what stands on this
 * machine are the same definitions and can't drift apart.
 */
import { readFileSync } from 'node:fs';
import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { type CollectionTag, parse, type ScalarTag } from 'yaml';

export interface TableInStack {
  /** The name of the resource in the template. */
  readonly logicalId: string;
  readonly input: CreateTableCommandInput & { readonly TableName: string };
}

/** The template can't be read as a stack with tables. */
export class DefinitionsUnusable extends Error {
  override readonly name = 'DefinitionsUnusable';
}

/** Takes the text of serverless.yml. Throws {@link DefinitionsUnusable}. */
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
    throw new DefinitionsUnusable('resources.Resources holds no AWS::DynamoDB::Table');
  }
  return tables;
}

export interface StreamInStack {
  /** The name of the resource in the template. */
  readonly logicalId: string;
  readonly name: string;
  readonly retentionHours: number;
}

/** The stream that the stack makes if it isn't given one. Throws {@link DefinitionsUnusable}. */
export function streamDefinition(text: string, stage: string): StreamInStack {
  const service = parseService(text);
  const resources = asObject(asObject(service['resources'])['Resources']);
  for (const [logicalId, value] of Object.entries(resources)) {
    const resource = asObject(value);
    if (resource['Type'] !== 'AWS::Kinesis::Stream') continue;
    const { Name, RetentionPeriodHours } = asObject(resource['Properties']);
    const name = resolveVariables(Name, service, stage);
    // 24 hours is what Kinesis keeps if nothing is said.
    const retentionHours = Number(resolveVariables(RetentionPeriodHours ?? 24, service, stage));
    if (typeof name !== 'string') {
      throw new DefinitionsUnusable(`${logicalId} has no Name that can be known here`);
    }
    return { logicalId, name, retentionHours };
  }
  throw new DefinitionsUnusable('resources.Resources holds no AWS::Kinesis::Stream');
}

export interface FunctionInStack {
  readonly timeoutMs: number;
  readonly memoryMb: number;
}

/** The stack's one function. Throws {@link DefinitionsUnusable}. */
export function functionDefinition(text: string, stage: string): FunctionInStack {
  const service = parseService(text);
  const [definition] = Object.values(asObject(service['functions']));
  const { timeout: timeoutSeconds, memorySize } = asObject(definition);
  const timeoutMs = Number(resolveVariables(timeoutSeconds, service, stage)) * 1000;
  const memoryMb = Number(resolveVariables(memorySize, service, stage));
  if (!(timeoutMs > 0 && memoryMb > 0)) {
    throw new DefinitionsUnusable('functions holds none with a timeout and a memorySize');
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

/** What `CreateTable` takes of a table resource; the rest (backups, tags, ...) is for AWS alone. */
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
    throw new DefinitionsUnusable(`${logicalId} has no TableName that can be known here`);
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
    throw new DefinitionsUnusable(`not YAML: ${(error as Error).message}`, { cause: error });
  }
}

/** The short forms of CloudFormation's functions; what they stand for only AWS knows. */
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

/** Replaces `${...}` in every text within; one that can't be known here is an error. */
function resolveVariables(
  value: unknown,
  service: Readonly<Record<string, unknown>>,
  stage: string,
  depth = 0,
): unknown {
  if (depth > DEPTH_MAX) throw new DefinitionsUnusable('variables refer to each other in a circle');
  const inner = (part: unknown) => resolveVariables(part, service, stage, depth + 1);
  if (Array.isArray(value)) return value.map(inner);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, inner(part)]));
  }
  if (typeof value !== 'string') return value;
  const whole = /^\$\{([^{}]*)\}$/.exec(value)?.[1];
  // A variable that is the whole text keeps its type.
  if (whole !== undefined) return inner(lookUp(whole, service, stage));
  const replaced = value.replaceAll(/\$\{([^{}]*)\}/g, (_, variable: string) =>
    String(inner(lookUp(variable, service, stage))),
  );
  return replaced === value ? value : inner(replaced);
}

/** The first that is known of `a, b, 'text'`. */
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
  throw new DefinitionsUnusable(`what \${${variable}} is can't be known here`);
}

function walk(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((found, name) => (name === '' ? found : asObject(found)[name]), value);
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
