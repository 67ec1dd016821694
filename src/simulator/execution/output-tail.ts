/** The last lines that a handler printed. */
export interface OutputTail {
  readonly lines: readonly string[];
  add(line: string): void;
}

const LINES_MAX = 50;

export function createOutputTail(linesMax = LINES_MAX): OutputTail {
  const lines: string[] = [];
  return {
    lines,
    add(line) {
      lines.push(line);
      if (lines.length > linesMax) lines.shift();
    },
  };
}
