/** A folder for the files of a command. A file gets its name when it is complete. */
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { SimulatorError } from '../model/errors.ts';

/** Where and when a folder is made, and by which versions. */
export interface Origin {
  /** The parent folder, absolute. */
  readonly out: string;
  readonly startedAt: Date;
  readonly versions: Readonly<Record<string, string>>;
}

export interface Folder {
  readonly path: string;
  /**
   * `file`: within the folder, such as `mutants/control.json`. Throws a `SimulatorError` at a full
   * disk.
   */
  write(file: string, text: string): void;
  /** A file that grows. It is called `FILE.partial` until it ends. */
  grow(file: string): GrowingFile;
  /** Points `OUT/latest` at it. */
  publish(): void;
  /** Removes it. */
  remove(): void;
}

/**
 * A disk that is full ends the growth, and nothing else before `end`, which throws a
 * `SimulatorError` then.
 */
export interface GrowingFile {
  write(text: string): void;
  /** Writes what is buffered to the disk; the file keeps its partial name. */
  flush(): void;
  end(): void;
}

/**
 * Creates `OUT/NAME`, or with a number behind it where that is taken. Throws a `SimulatorError`.
 */
export function createFolder(out: string, name: string): Folder {
  let folder = path.join(out, name);
  let firstMade: string | undefined;
  try {
    firstMade = mkdirSync(out, { recursive: true });
    for (let number = 2; !made(folder); number++) folder = path.join(out, `${name}-${number}`);
  } catch (error) {
    throw unwritable(out, error);
  }
  return {
    path: folder,
    write(file, text) {
      const whole = path.join(folder, file);
      writing(whole, () => {
        mkdirSync(path.dirname(whole), { recursive: true });
        writeFileSync(`${whole}.partial`, text);
        renameSync(`${whole}.partial`, whole);
      });
    },
    grow: (file) => grow(path.join(folder, file)),
    publish() {
      // By rename: a link that is being replaced is never missing.
      const link = path.join(out, `.latest-${path.basename(folder)}`);
      writing(path.join(out, 'latest'), () => {
        symlinkSync(path.basename(folder), link);
        renameSync(link, path.join(out, 'latest'));
      });
    },
    remove() {
      rmSync(folder, { recursive: true });
      if (firstMade === undefined) return;
      for (let parent = out; parent.startsWith(firstMade); parent = path.dirname(parent)) {
        if (readdirSync(parent).length > 0) return;
        rmdirSync(parent);
      }
    },
  };
}

/** `2026-11-25T08-15-29-readme`: sorts by time, and is valid on every file system. */
export function folderName(at: string, name: string): string {
  const safe = name.replace(/[^\w.-]+/g, '-').slice(0, 40);
  return `${at.slice(0, 19).replaceAll(':', '-')}-${safe}`;
}

function made(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function unwritable(out: string, error: unknown): SimulatorError {
  const why = (error as NodeJS.ErrnoException).code ?? String(error);
  return new SimulatorError(
    'usage',
    `${JSON.stringify(out)} can't be written to (${why}); take another folder with --out DIR, or --no-out`,
  );
}

function writing(file: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    const text = `${JSON.stringify(file)} can't be written: ${(error as Error).message}`;
    throw new SimulatorError('unavailable', text);
  }
}

const CHARS_MAX = 256 * 1024;

function grow(file: string): GrowingFile {
  const partial = `${file}.partial`;
  rmSync(partial, { force: true });
  const descriptor = openSync(partial, 'wx');
  let waiting: string[] = [];
  let chars = 0;
  let isOpen = true;
  let failure: unknown;
  const flush = (): void => {
    if (!isOpen || chars === 0) return;
    const bytes = Buffer.from(waiting.join(''));
    waiting = [];
    chars = 0;
    try {
      for (let from = 0; from < bytes.length; ) from += writeSync(descriptor, bytes, from);
    } catch (error) {
      failure ??= error;
    }
  };
  return {
    write(text) {
      if (failure !== undefined) return;
      waiting.push(text);
      chars += text.length;
      if (chars > CHARS_MAX) flush();
    },
    flush,
    end() {
      flush();
      isOpen = false;
      closeSync(descriptor);
      writing(file, () => {
        if (failure !== undefined) throw failure;
        renameSync(partial, file);
      });
    },
  };
}
