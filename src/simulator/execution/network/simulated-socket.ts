/**
 * A socket that is connected to code instead of to a machine. For its owner it is a `net.Socket`, so that Node's own
 * HTTP clients, and whatever else expects one, run on it unchanged. All its waiting is ticks and timers.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import net from 'node:net';
import { Duplex } from 'node:stream';
import type { Destination } from './destination.ts';

export interface Line {
  readonly destination: Destination;
  /** Takes the other end; called in no async context of the socket's owner. */
  accept(peer: PeerSocket): void;
  /** Its owner waits for the other end to begin, which HTTP never does. */
  silent(): void;
  /** Does something in the owner's environment as soon as it runs. */
  enter(happen: () => void): void;
}

interface State {
  readonly line: Line;
  readonly peer: PeerSocket;
  /** What runs in the async context in which the socket was opened. */
  readonly asOwner: <T>(run: () => T) => T;
  timer: ReturnType<typeof setTimeout> | undefined;
  hasSent: boolean;
}

const states = new WeakMap<net.Socket, State>();
/** That of this module: outside of any handler. */
const asOurselves = AsyncLocalStorage.snapshot();
const setRealTimeout = net.Socket.prototype.setTimeout;

/** Makes a socket that is not connected yet one that is simulated, and connects it. */
export function connectSimulated(
  socket: net.Socket,
  line: Line,
  {
    secure,
    connected,
  }: { readonly secure: boolean; readonly connected?: (() => void) | undefined },
): SimulatedSocket {
  const simulated = Object.setPrototypeOf(socket, SimulatedSocket.prototype) as SimulatedSocket;
  const peer = new PeerSocket(line.destination, (happen) => {
    line.enter(() => asOwner(() => happen(simulated)));
  });
  const asOwner = AsyncLocalStorage.snapshot();
  const state: State = { line, peer, asOwner, timer: undefined, hasSent: false };
  states.set(simulated, state);
  if (connected !== undefined) simulated.once(secure ? 'secureConnect' : 'connect', connected);
  const { timeout } = socket;
  if (timeout !== undefined && timeout > 0) {
    // One that Node's own timers would have ended.
    setRealTimeout.call(socket, 0);
    simulated.setTimeout(timeout);
  }
  Object.assign(simulated, { connecting: true, ...addressesOf(line.destination) });
  line.enter(() =>
    asOwner(() => {
      if (simulated.destroyed) return;
      Object.assign(simulated, { connecting: false });
      simulated.emit('connect');
      if (secure) simulated.emit('secureConnect');
      simulated.emit('ready');
      simulated.read(0);
      asOurselves(() => line.accept(peer));
      const silence = setTimeout(() => {
        if (!state.hasSent && !simulated.destroyed) asOurselves(line.silent);
      }, SILENT_MS_MAX);
      silence.unref();
    }),
  );
  return simulated;
}

const SILENT_MS_MAX = 1_000;

export class SimulatedSocket extends net.Socket {
  override _read(): void {}

  override _write(chunk: unknown, encoding: BufferEncoding, done: Done): void {
    touch(this);
    send(this, chunk, encoding);
    done();
  }

  override _writev(chunks: readonly Chunk[], done: Done): void {
    touch(this);
    for (const { chunk, encoding } of chunks) send(this, chunk, encoding);
    done();
  }

  override _final(done: Done): void {
    send(this, null);
    done();
  }

  override _destroy(error: Error | null, done: Done): void {
    clearTimeout(states.get(this)?.timer);
    const peer = states.get(this)?.peer;
    asOurselves(() => peer?.hangUp());
    super._destroy(error, done);
  }

  /** Of no activity, by the timers of its owner. */
  override setTimeout(ms: number, callback?: () => void): this {
    const state = states.get(this);
    if (state === undefined) return setRealTimeout.call(this, ms, callback) as this;
    clearTimeout(state.timer);
    state.timer = undefined;
    Object.assign(this, { timeout: ms });
    if (ms === 0) {
      if (callback !== undefined) this.removeListener('timeout', callback);
      return this;
    }
    if (callback !== undefined) this.once('timeout', callback);
    state.timer = setTimeout(() => this.emit('timeout'), ms);
    state.timer.unref();
    return this;
  }

  override resetAndDestroy(): this {
    return this.destroy();
  }

  // Nothing of the operating system keeps the process alive.
  override ref(): this {
    return this;
  }
  override unref(): this {
    return this;
  }
}

type Done = (error?: Error | null) => void;

interface Chunk {
  readonly chunk: unknown;
  readonly encoding: BufferEncoding;
}

function send(socket: SimulatedSocket, chunk: unknown, encoding?: BufferEncoding): void {
  const state = states.get(socket);
  if (state === undefined) return;
  state.hasSent = true;
  asOurselves(() => state.peer.push(chunk, encoding));
}

/** Something happened on it: its time-out begins anew. */
function touch(socket: SimulatedSocket): void {
  states.get(socket)?.timer?.refresh();
}

/** The other end, for a server of ours. */
export class PeerSocket extends Duplex {
  readonly destination: Destination;
  readonly #enter: (happen: (socket: SimulatedSocket) => void) => void;

  constructor(
    destination: Destination,
    enter: (happen: (socket: SimulatedSocket) => void) => void,
  ) {
    super({ allowHalfOpen: true });
    this.destination = destination;
    this.#enter = enter;
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    this.#enter((socket) => {
      touch(socket);
      socket.push(chunk);
    });
    done();
  }

  override _final(done: Done): void {
    this.#enter((socket) => socket.push(null));
    done();
  }

  /** The connection breaks: its owner sees a reset. */
  reset(): void {
    this.#enter((socket) => {
      if (!socket.destroyed) socket.destroy(connectionError('ECONNRESET', 'read'));
    });
    this.destroy();
  }

  /** The owner has closed its end. */
  hangUp(): void {
    if (!this.destroyed && !this.readableEnded) this.push(null);
  }

  // What servers call on a socket.
  setTimeout(): this {
    return this;
  }
  setNoDelay(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }
}

/** As the operating system's errors arrive in Node. */
export function connectionError(
  code: 'ECONNRESET' | 'ECONNREFUSED',
  syscall: string,
  destination?: Destination,
): Error {
  const errno = code === 'ECONNRESET' ? -104 : -111;
  const at = destination && { address: destination.host, port: destination.port };
  const where = at === undefined ? '' : ` ${at.address}:${at.port}`;
  return Object.assign(new Error(`${syscall} ${code}${where}`), { code, errno, syscall, ...at });
}

/** As if it had been looked up. An address of those that are set aside for tests. */
function addressesOf({ port }: Destination): object {
  return {
    _peername: { address: '198.18.0.1', family: 'IPv4', port },
    _sockname: { address: '198.18.0.2', family: 'IPv4', port: 49_152 },
  };
}
