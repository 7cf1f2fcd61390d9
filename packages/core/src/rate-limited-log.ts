import type { Clock } from "./clock.js";
import type { Logger, LogLevel } from "./logger.js";

/** Options of {@link createRateLimitedLog}. */
export interface RateLimitedLogOptions {
  readonly clock: Clock;
  readonly logger: Logger;
}

/** One line of a {@link RateLimitedLog}. */
export interface RateLimitedLine {
  readonly level: LogLevel;
  readonly message: string;
  /** Fields of the line. `not_logged_since_last_line` is added. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Logs a line, unless its cause had one within the last minute. */
export type RateLimitedLog = (cause: string, line: RateLimitedLine) => void;

/** Milliseconds between two lines of one cause. */
const intervalMs = 60_000;
/** A cause may contain text that a caller chose. Beyond this number, all causes share one line. */
const maxCauses = 1_000;
const otherCauses = "";

interface Cause {
  untilMs: number;
  notLogged: number;
  latest: RateLimitedLine;
}

/**
 * A log for floods of events. Each cause is logged at once, then at most once a minute, with the number of lines in
 * between. The last of a flood is logged too, up to two minutes later.
 */
export function createRateLimitedLog(options: RateLimitedLogOptions): RateLimitedLog {
  const log = new RateLimiter(options);
  return (cause, line) => {
    log.add(cause, line);
  };
}

class RateLimiter {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #causes = new Map<string, Cause>();
  #isFlushDue = false;

  constructor({ clock, logger }: RateLimitedLogOptions) {
    this.#clock = clock;
    this.#logger = logger;
  }

  add(name: string, line: RateLimitedLine): void {
    const cause = this.#causes.get(name) ?? this.#create(name, line);
    cause.latest = line;
    if (this.#clock.monotonicMs() >= cause.untilMs) this.#log(cause, cause.notLogged);
    else cause.notLogged += 1;
  }

  #create(name: string, latest: RateLimitedLine): Cause {
    const isFull = this.#causes.size >= maxCauses;
    const known = isFull ? this.#causes.get(otherCauses) : undefined;
    if (known !== undefined) return known;
    const cause = { untilMs: Number.NEGATIVE_INFINITY, notLogged: 0, latest };
    this.#causes.set(isFull ? otherCauses : name, cause);
    this.#flushLater();
    return cause;
  }

  #log(cause: Cause, notLogged: number): void {
    const { level, message, fields } = cause.latest;
    cause.untilMs = this.#clock.monotonicMs() + intervalMs;
    cause.notLogged = 0;
    this.#logger(level, message, { ...fields, not_logged_since_last_line: notLogged });
  }

  /** One timer for all causes, while there are any. */
  #flushLater(): void {
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    this.#clock.after(intervalMs, () => {
      this.#isFlushDue = false;
      this.#flush();
    });
  }

  #flush(): void {
    const nowMs = this.#clock.monotonicMs();
    for (const [name, cause] of this.#causes) {
      if (nowMs <= cause.untilMs) continue;
      if (cause.notLogged > 0) this.#log(cause, cause.notLogged - 1);
      else this.#causes.delete(name);
    }
    if (this.#causes.size > 0) this.#flushLater();
  }
}
