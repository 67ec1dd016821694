/** Starts moto, an imitation of AWS, on a free loopback port. */
import { setTimeout as delay } from 'node:timers/promises';
import { childExit } from '../../src/simulator/servers/child-exit.ts';
import { killGuarded, spawnGuarded } from '../../src/simulator/servers/guard.ts';

export interface Moto {
  /** Such as `http://127.0.0.1:40123`, for every service. */
  readonly endpoint: string;
  /** Ends it at once; may be called again. */
  stop(): Promise<void>;
}

const START_MS_MAX = 60_000;

/** Takes the path of `moto_server`, which ends with this process, even if this is killed. */
export async function startMoto(motoServer: string): Promise<Moto> {
  const child = spawnGuarded(motoServer, ['-H', '127.0.0.1', '-p', '0'], {
    env: { PATH: process.env['PATH'] },
  });
  const ended = childExit(child);
  const started = new Promise<string>((resolve) => {
    let printed = '';
    child.stderr?.on('data', (text: string) => {
      printed += text;
      const endpoint = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(printed)?.[1];
      if (endpoint !== undefined) resolve(endpoint);
    });
  });
  const limit = new AbortController();
  const endpoint = await Promise.race([
    started,
    ended.then((text) => Promise.reject(new Error(`moto_server ended: ${text}`))),
    delay(START_MS_MAX, undefined, { signal: limit.signal }),
  ]).finally(() => limit.abort());
  if (endpoint === undefined) {
    await killGuarded(child);
    throw new Error(`moto_server printed no address within ${START_MS_MAX / 1000} s`);
  }
  return { endpoint, stop: () => killGuarded(child) };
}
