/** Where code wants to connect to, as it names it. Pure. */

export interface Destination {
  readonly host: string;
  readonly port: number;
}

/** Two forms of an address: `::1` and `[::1]`. */
export function hostWithoutBrackets(host: string): string {
  return host.replace(/^\[|\]$/g, '');
}

/** `host`, or `host:port` where the port is not that of HTTP or HTTPS. */
export function nameOf({ host, port }: Destination): string {
  return port === 80 || port === 443 ? host : `${host}:${port}`;
}

/** Of a Host header, an authority or a URL; undefined where it is none of these. */
export function parseDestination(text: string, defaultPort: number): Destination | undefined {
  const url = URL.parse(text.includes('://') ? text : `tcp://${text}`);
  if (url === null || url.hostname === '') return undefined;
  const defaults: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };
  const port = Number(url.port) || (defaults[url.protocol] ?? defaultPort);
  return { host: hostWithoutBrackets(url.hostname), port };
}

/**
 * Addresses from which a program on EC2, ECS or EKS learns who it is. In Lambda none of them answers: there the
 * credentials are in the environment.
 */
export function isMetadataService({ host }: Destination): boolean {
  return METADATA_HOSTS.has(host);
}

const METADATA_HOSTS: ReadonlySet<string> = new Set([
  '169.254.169.254',
  'fd00:ec2::254',
  '169.254.170.2',
  '169.254.170.23',
  'fd00:ec2::23',
]);

/** Whether a list such as `['localhost:6379', 'api.example.com', '*.example.com']` names it. */
export function isNamedIn(list: readonly string[], destination: Destination): boolean {
  return list.some((entry) => {
    const isWildcard = entry.startsWith('*.');
    const [host = '', port] = splitPort(isWildcard ? entry.slice(2) : entry);
    const isHost = isWildcard
      ? destination.host.endsWith(`.${host}`)
      : destination.host === hostWithoutBrackets(host);
    return isHost && (port === undefined || port === destination.port);
  });
}

function splitPort(entry: string): readonly [string, number | undefined] {
  const match = /^(\[[^\]]*\]|[^:]*):(\d+)$/.exec(entry);
  return match === null ? [entry, undefined] : [match[1] ?? '', Number(match[2])];
}
