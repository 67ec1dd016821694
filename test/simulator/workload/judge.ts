/**
 * Classifies records by the tables of the specification. The generator is tested against it, so it
 * shares no code with the encoder or the handler.
 */
export type Judgement = 'valid' | 'foreign' | 'malformed';

const ENVELOPE = ['schema', 'origin', 'timeOrigin', 'timeIngest', 'timeProcess', 'eventId', 'data'];

const DATA = new Map([
  [
    'com.nordstrom/product/create/1-0-0',
    ['schema', 'id', 'brand', 'name', 'description', 'category'],
  ],
  ['com.nordstrom/product/image/1-0-0', ['schema', 'id', 'image']],
  ['com.nordstrom/product/purchase/1-0-0', ['schema', 'id']],
]);

const DATE_TIME =
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?Z$/;

export function judge(bytes: Uint8Array): Judgement {
  let envelope: unknown;
  try {
    envelope = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return 'malformed';
  }
  if (!isObject(envelope) || !isObject(envelope['data'])) return 'malformed';
  const { followsFrom, ...required } = envelope;
  if (Object.hasOwn(envelope, 'followsFrom') && typeof followsFrom !== 'string') return 'malformed';
  const { schema, origin, eventId, data, timeOrigin, timeIngest, timeProcess } = envelope;
  if (!sameNames(required, ENVELOPE)) return 'malformed';
  if (schema !== 'com.nordstrom/retail-stream-egress/1-0-0') return 'malformed';
  if (typeof eventId !== 'string' || !/^[ -~]{1,1024}$/.test(eventId)) return 'malformed';
  if (!isKey(origin)) return 'malformed';
  for (const time of [timeOrigin, timeIngest, timeProcess]) {
    if (typeof time !== 'string' || !DATE_TIME.test(time)) return 'malformed';
  }
  if (!isObject(data) || typeof data['schema'] !== 'string') return 'malformed';
  const fields = DATA.get(data['schema']);
  if (fields === undefined) return 'foreign';
  if (!sameNames(data, fields) || !isKey(data['id'])) return 'malformed';
  return Object.values(data).every((value) => typeof value === 'string') ? 'valid' : 'malformed';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sameNames(value: Record<string, unknown>, names: readonly string[]): boolean {
  return Object.keys(value).sort().join() === [...names].sort().join();
}

/** 1 to 2,048 bytes of well-formed Unicode. */
function isKey(value: unknown): boolean {
  if (typeof value !== 'string' || value === '' || !value.isWellFormed()) return false;
  return new TextEncoder().encode(value).length <= 2048;
}
