/** The lines that a process has written, whole ones only, and a way to wait for one. */
export interface OutputLines {
  /** Every whole line so far, without its end. */
  readonly lines: readonly string[];
  /** Everything so far. */
  text(): string;
  /** The first line that matches, of those so far and those to come. Rejects when the output ends without it, or after `timeoutMs` (10000). */
  readonly waitForLine: (pattern: RegExp, timeoutMs?: number) => Promise<string>;
  write(chunk: string): void;
  end(): void;
}

interface Waiter {
  readonly pattern: RegExp;
  found(line: string): void;
  failed(reason: string): void;
}

export function createOutputLines(): OutputLines {
  const lines: string[] = [];
  const waiters = new Set<Waiter>();
  let whole = "";
  let rest = "";
  let ended = false;

  function addLine(line: string): void {
    lines.push(line);
    for (const waiter of waiters) if (waiter.pattern.test(line)) waiter.found(line);
  }

  return {
    lines,
    text: () => whole,
    write: (chunk) => {
      whole += chunk;
      const parts = (rest + chunk).split(/\r?\n/);
      rest = parts.pop() ?? "";
      parts.forEach(addLine);
    },
    end: () => {
      ended = true;
      if (rest !== "") addLine(rest);
      rest = "";
      for (const waiter of waiters) waiter.failed("the output ended");
    },
    waitForLine: async (pattern, timeoutMs = 10_000) => {
      const seen = lines.find((line) => pattern.test(line));
      if (seen !== undefined) return seen;
      if (ended) throw lineMissing(pattern, "the output had ended", whole);
      return new Promise((resolve, reject) => {
        const settle = (act: () => void): void => {
          clearTimeout(timer);
          waiters.delete(waiter);
          act();
        };
        const waiter: Waiter = {
          pattern,
          found: (line) => settle(() => resolve(line)),
          failed: (reason) => settle(() => reject(lineMissing(pattern, reason, whole))),
        };
        const timer = setTimeout(() => waiter.failed(`${timeoutMs} ms had passed`), timeoutMs);
        waiters.add(waiter);
      });
    },
  };
}

function lineMissing(pattern: RegExp, reason: string, output: string): Error {
  return new Error(`No line matched ${String(pattern)} when ${reason}. The output:\n${output}`);
}
