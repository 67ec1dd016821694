/** Kinesis clients for local servers and for AWS. */
import { KinesisClient, type KinesisClientConfig } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';

export interface LocalClientOptions {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** For a local server. They speak HTTP/1.1 only; the client's default is HTTP/2. */
export function localKinesisClient(options: LocalClientOptions): KinesisClient {
  return new KinesisClient({ ...options, requestHandler: new NodeHttpHandler() });
}

/**
 * Configured by the SDK's own environment variables and files. `endpoint` tells whether these name
 * a server without TLS, which can't speak the client's default, HTTP/2.
 */
export function kinesisClient(
  endpoint: string | undefined,
  config: KinesisClientConfig = {},
): KinesisClient {
  const isPlain = endpoint?.startsWith('http:') === true;
  return new KinesisClient({
    ...config,
    ...(isPlain ? { requestHandler: new NodeHttpHandler() } : {}),
  });
}
