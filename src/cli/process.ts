/** The process around the command: its streams, its signals, and the status with which it ends. */
import process from 'node:process';
import type { CommandIo, Program, Run } from './command.ts';
import { EXIT_OF_FAILURE, EXIT_OF_SIGNAL, type StopSignal } from './exit-status.ts';
import type { ParseContext } from './parse.ts';
import { main } from './program.ts';

export interface Wiring extends Omit<ParseContext, 'cwd'> {
  nowMs(): number;
  readonly keep?: NonNullable<CommandIo['keep']>;
  readonly contain?: NonNullable<CommandIo['contain']>;
  readonly bundle?: CommandIo['bundle'];
}

/** How long open handles, such as an idle socket, keep the process alive after the end. */
const LINGER_MS = 200;

/** Runs a command on the arguments of this process, and sets the exit status when it ends. */
export function runProcess(program: Program, run: Run, wiring: Wiring): void {
  // If the event loop runs empty while a run still waits, Node would exit with 0: a pass.
  process.exitCode = EXIT_OF_FAILURE.bug;
  const sayUnfinished = (code: number): void => {
    if (code === EXIT_OF_FAILURE.bug)
      process.stderr.write(`${program.name}: ended before the run did\n`);
  };
  process.on('exit', sayUnfinished);
  ignoreBrokenPipes();

  const exitNow = (status: number): void => {
    process.off('exit', sayUnfinished);
    process.exit(status);
  };
  main(process.argv.slice(2), program, createIo(wiring, exitNow), run).then(
    (status) => {
      process.off('exit', sayUnfinished);
      process.exitCode = status;
      setTimeout(() => process.exit(status), LINGER_MS).unref();
    },
    (error: unknown) => {
      process.stderr.write(
        `${program.name}: ${error instanceof Error ? error.stack : String(error)}\n`,
      );
      exitNow(EXIT_OF_FAILURE.bug);
    },
  );
}

function createIo(wiring: Wiring, exitNow: CommandIo['exitNow']): CommandIo & ParseContext {
  const listen: CommandIo['listen'] = ({ stopped, crashed }) => {
    const signals = Object.keys(EXIT_OF_SIGNAL) as StopSignal[];
    for (const signal of signals) process.on(signal, stopped);
    process.on('uncaughtException', crashed);
    process.on('unhandledRejection', crashed);
    return () => {
      for (const signal of signals) process.off(signal, stopped);
      process.off('uncaughtException', crashed);
      process.off('unhandledRejection', crashed);
    };
  };
  return {
    ...wiring,
    cwd: process.cwd(),
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    listen,
    later: (delayMs, call) => {
      const timer = setTimeout(call, delayMs);
      return () => clearTimeout(timer);
    },
    exitNow,
  };
}

/** A reader that closes the pipe early (`| head`) is not an error; the status of the run stands. */
function ignoreBrokenPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // EIO: the terminal was closed.
      if (!['EPIPE', 'EIO', 'ERR_STREAM_DESTROYED'].includes(error.code ?? '')) throw error;
    });
  }
}
