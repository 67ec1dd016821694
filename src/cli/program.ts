/** A command line from argv to its exit status: parses, runs the command, stops it on Ctrl-C, reports errors. */
import { errorKind } from '../simulator/model/errors.ts';
import { failureText } from '../simulator/report/failure-text.ts';
import type { ReportStyle } from '../simulator/report/terminal.ts';
import type { KeptSearch } from '../simulator/runs/search.ts';
import type { Command, CommandIo, OutputStream, Program, Run, WorkContext } from './command.ts';
import { EXIT_OF_FAILURE, EXIT_OF_SIGNAL, EXIT_OF_VERDICT } from './exit-status.ts';
import { commandOf, type ParseContext, parseCommandLine } from './parse.ts';

/** Characters in a line of a stream that is no terminal. */
const COLUMNS = 120;
/** How long a command may take to clean up, so that Ctrl-C ends it within two seconds. */
const GRACE_MS = 1800;
/** npx passes on a Ctrl-C that the terminal has already sent us: two at once are one. */
const SAME_SIGNAL_MS = 250;

/** Resolves to the exit status. */
export async function main(
  argv: readonly string[],
  program: Program,
  io: CommandIo & ParseContext,
  run: Run,
): Promise<number> {
  const commandLine = await parseCommandLine(argv, program, io);
  if (commandLine.kind === 'usage') {
    io.stderr.write(`${program.name}: ${commandLine.message}\n`);
    return EXIT_OF_FAILURE.usage;
  }
  if (commandLine.kind !== 'command') {
    io.stdout.write(commandLine.text);
    return 0;
  }
  const { command, parsed } = commandLine;
  const stop = createStop(io);
  const context = createContext(io, run, stop.signal);
  const fail = (error: unknown): number => {
    const repeat = command.repeat?.(parsed) ?? commandOf(argv, program);
    context.clear();
    io.stderr.write(formatFailure(error, repeat, program.name));
    return EXIT_OF_FAILURE[errorKind(error)];
  };
  const unlisten = io.listen({
    stopped: (signal) => stop.request(EXIT_OF_SIGNAL[signal]),
    crashed(error) {
      const isFirst = stop.status() === undefined;
      stop.request(EXIT_OF_FAILURE.bug);
      // Errors while everything is being stopped are not reported.
      if (isFirst) fail(error);
    },
  });
  try {
    const handler = command.handlerHere?.(parsed);
    const status =
      handler !== undefined && io.contain !== undefined
        ? await startContained(command, parsed, { handler, context, contain: io.contain })
        : await command.start(parsed, context);
    return stop.status() ?? status;
  } catch (error) {
    return stop.status() ?? fail(error);
  } finally {
    context.close();
    stop.cancel();
    unlisten();
  }
}

/** A foreign handler runs in a process of its own, with the whole command: it can hold neither this one nor Ctrl-C. */
async function startContained(
  command: Command,
  parsed: unknown,
  {
    handler,
    context,
    contain,
  }: { handler: string; context: WorkContext; contain: NonNullable<CommandIo['contain']> },
): Promise<number> {
  const { status, signal, failure } = await contain(handler, context.signal);
  if (failure !== undefined) {
    if (command.handlerFailed !== undefined) {
      return command.handlerFailed(parsed, failure, context);
    }
    context.print(`unknown: ${failureText(failure)}\n`);
    return EXIT_OF_VERDICT.unknown;
  }
  if (status !== null) return status;
  throw new Error(`the process of the command ended (${signal})`);
}

function createContext(
  io: CommandIo,
  run: Run,
  signal: AbortSignal,
): WorkContext & { clear(): void; close(): void } {
  const { stdout, stderr } = io;
  const folders: KeptSearch[] = [];
  const isTerminal = stderr.isTTY === true && io.env['TERM'] !== 'dumb';
  const clear = (): void => {
    if (isTerminal) stderr.write('\r\u001b[K');
  };
  const styleOf = (stream: OutputStream): ReportStyle => ({
    colour: wantsColour(stream, io.env),
    // A terminal that doesn't know its width says 0.
    width: stream.columns || COLUMNS,
  });
  return {
    io,
    signal,
    run,
    bundle: io.bundle,
    style: styleOf(stdout),
    styleOf,
    isTerminal,
    nowMs: () => io.nowMs(),
    async keep(out, command, name) {
      const kept = out === undefined ? undefined : (await io.keep?.())?.search(out, command, name);
      if (kept !== undefined) folders.push(kept);
      return kept;
    },
    print(text) {
      clear();
      stdout.write(text);
    },
    progress(line) {
      if (isTerminal) stderr.write(`\r\u001b[K${line}`);
    },
    clear,
    close() {
      for (const folder of folders) folder.close();
    },
  };
}

/** Stops a command early: gently at first; at once when asked again, or when it takes long. */
function createStop(io: CommandIo) {
  const controller = new AbortController();
  let status: number | undefined;
  let firstAtMs = 0;
  let cancel = (): void => {};
  return {
    signal: controller.signal,
    status: () => status,
    request(asked: number): void {
      if (status !== undefined) {
        if (io.nowMs() - firstAtMs > SAME_SIGNAL_MS) io.exitNow(status);
        return;
      }
      status = asked;
      firstAtMs = io.nowMs();
      cancel = io.later(GRACE_MS, () => io.exitNow(asked));
      controller.abort();
    },
    cancel: () => cancel(),
  };
}

function formatFailure(error: unknown, repeat: string, name: string): string {
  if (errorKind(error) !== 'bug') return `${name}: ${withCauses(error)}\n`;
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return (
    `${name}: this is a bug of the simulator's own, not of your handler:\n${stack}\n` +
    `Please report it, with the command that repeats the run:\n  ${repeat}\n`
  );
}

/** The message and those of its causes that it doesn't repeat, on one line. */
function withCauses(error: unknown): string {
  let text = '';
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (!text.includes(cause.message)) text += `${text === '' ? '' : ': '}${cause.message}`;
  }
  return text.replace(/\s*\n\s*/g, ' ');
}

/** On a terminal, unless the environment says otherwise (no-color.org). */
function wantsColour(stream: OutputStream, env: CommandIo['env']): boolean {
  if ((env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb') return false;
  return stream.isTTY === true;
}
