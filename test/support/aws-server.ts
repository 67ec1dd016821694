/**
 * A fake CloudFormation and SQS with one stack and one queue, over the real protocols, so tests use the real clients.
 * Supports the requests of this project only.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface AwsServer {
  readonly endpoint: string;
  readonly queueUrl: string;
  /** Bodies of the messages that are in the queue. */
  readonly messages: string[];
  /** Actions that are denied, such as `AmazonSQS.DeleteMessage`. */
  readonly denied: Set<string>;
  /** The stack that DescribeStacks describes; tests may replace it. */
  stack: FakeStack;
  stop(): Promise<void>;
}

export interface FakeStack {
  readonly name: string;
  readonly status: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** Code and message of an error to return instead. */
  readonly refusal?: readonly [code: string, message: string];
}

export async function startAwsServer(): Promise<AwsServer> {
  const messages: string[] = [];
  const received = new Map<string, number>();
  const server = createServer((incoming, response) => {
    text(incoming)
      .then((body) => respond(incoming, body))
      .then(([status, type, content]) => {
        response.writeHead(status, { 'content-type': type });
        response.end(content);
      })
      .catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const self: AwsServer = {
    endpoint,
    queueUrl: `${endpoint}/000000000000/failures`,
    messages,
    denied: new Set(),
    stack: { name: '', status: 'CREATE_COMPLETE', outputs: {} },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };

  function respond(incoming: IncomingMessage, body: string): readonly [number, string, string] {
    const target = incoming.headers['x-amz-target'];
    if (target === undefined) return describeStacks(new URLSearchParams(body), self.stack);
    const input = JSON.parse(body) as Readonly<Record<string, unknown>>;
    const json = (value: unknown) =>
      [200, 'application/x-amz-json-1.0', JSON.stringify(value)] as const;
    const refused = (type: string) =>
      [400, 'application/x-amz-json-1.0', JSON.stringify({ __type: type })] as const;
    if (self.denied.has(String(target))) return refused('AccessDeniedException');
    switch (target) {
      case 'AmazonSQS.GetQueueAttributes':
        return json({ Attributes: { ApproximateNumberOfMessages: String(messages.length) } });
      case 'AmazonSQS.ReceiveMessage': {
        // Received messages are hidden until they are released.
        const visible = messages.filter((message) => !received.has(message));
        const some = visible.slice(0, Number(input['MaxNumberOfMessages'] ?? 1));
        for (const message of some) received.set(message, received.size);
        return json({ Messages: some.map(messageOf) });
      }
      case 'AmazonSQS.ChangeMessageVisibility':
        received.delete(bodyOf(input));
        return json({});
      case 'AmazonSQS.DeleteMessage':
        messages.splice(messages.indexOf(bodyOf(input)), 1);
        return json({});
      default:
        return refused('InvalidAction');
    }
  }
  return self;
}

function messageOf(message: string) {
  const md5 = createHash('md5').update(message).digest('hex');
  const ReceiptHandle = Buffer.from(message).toString('base64');
  return { MessageId: md5, ReceiptHandle, Body: message, MD5OfBody: md5 };
}

function bodyOf(input: Readonly<Record<string, unknown>>): string {
  return Buffer.from(String(input['ReceiptHandle']), 'base64').toString('utf8');
}

function describeStacks(
  form: URLSearchParams,
  stack: FakeStack,
): readonly [number, string, string] {
  const refuse = (status: number, code: string, message: string) =>
    [
      status,
      'text/xml',
      `<ErrorResponse xmlns="${XMLNS}"><Error><Type>Sender</Type><Code>${code}</Code>` +
        `<Message>${message}</Message></Error><RequestId>1</RequestId></ErrorResponse>`,
    ] as const;
  if (stack.refusal !== undefined) return refuse(403, ...stack.refusal);
  const wanted = form.get('StackName');
  if (form.get('Action') !== 'DescribeStacks' || wanted !== stack.name) {
    return refuse(400, 'ValidationError', `Stack with id ${wanted} does not exist`);
  }
  const outputs = Object.entries(stack.outputs).map(
    ([key, value]) =>
      `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
  );
  return [
    200,
    'text/xml',
    `<DescribeStacksResponse xmlns="${XMLNS}"><DescribeStacksResult><Stacks><member>` +
      `<StackName>${stack.name}</StackName><StackStatus>${stack.status}</StackStatus>` +
      `<CreationTime>2026-01-01T00:00:00Z</CreationTime><Outputs>${outputs.join('')}</Outputs>` +
      '</member></Stacks></DescribeStacksResult></DescribeStacksResponse>',
  ];
}

const XMLNS = 'http://cloudformation.amazonaws.com/doc/2010-05-15/';
