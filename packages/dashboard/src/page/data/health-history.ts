import type { Health, HealthStatus } from "./answers.js";

/** A change that the page has seen. */
export interface Transition {
  /** By this browser's clock. */
  readonly at: number;
  /** The check, or `worker` for the process itself. */
  readonly subject: string;
  readonly from: string;
  readonly to: string;
  readonly message: string | null;
  /** How the new state is shown. */
  readonly status: HealthStatus;
}

/** Since when something is as it is. */
export interface Since {
  readonly at: number;
  /** False if it was so when the page first looked. */
  readonly isExact: boolean;
}

const mostTransitions = 50;

interface Known extends Since {
  readonly status: string;
}

/** What the page has seen of the worker's health since it was opened. */
export class HealthHistory {
  transitions: readonly Transition[] = [];
  readonly #known = new Map<string, Known>();
  #uptime: { readonly seconds: number; readonly at: number } | null = null;

  /** When the check, or `worker`, came into the state that it is in. */
  since(subject: string): Since | null {
    return this.#known.get(subject) ?? null;
  }

  answered(health: Health, at: number): void {
    this.#note({ at, subject: "worker", to: "answers", message: null, status: "healthy" });
    this.#noteRestart(health, at);
    for (const [subject, { status, message }] of Object.entries(health.checks))
      this.#note({ at, subject, to: status, message, status });
    this.#note({
      at,
      subject: "verdict",
      to: verdictKey(health),
      message: null,
      status: "healthy",
    });
  }

  silent(at: number): void {
    const message = "No answer";
    this.#note({ at, subject: "worker", to: "silent", message, status: "unhealthy" });
  }

  #noteRestart({ system_info: { uptime_seconds } }: Health, at: number): void {
    const before = this.#uptime;
    this.#uptime = { seconds: uptime_seconds, at };
    if (before === null) return;
    // It counts whole seconds, and an answer may have been on its way for some.
    const expected = before.seconds + (at - before.at) / 1_000;
    if (uptime_seconds >= before.seconds && uptime_seconds > expected - 15) return;
    this.#push({
      at: at - uptime_seconds * 1_000,
      subject: "worker",
      from: "ran",
      to: "restarted",
      message: "The process started again.",
      status: "degraded",
    });
  }

  #note({ subject, to, ...rest }: Omit<Transition, "from">): void {
    const known = this.#known.get(subject);
    if (known?.status === to) return;
    this.#known.set(subject, { status: to, at: rest.at, isExact: known !== undefined });
    if (known !== undefined && subject !== "verdict")
      this.#push({ subject, from: known.status, to, ...rest });
  }

  #push(transition: Transition): void {
    this.transitions = [transition, ...this.transitions].slice(0, mostTransitions);
  }
}

/** Changes when the first sentence of the page does. */
export function verdictKey({ checks }: Health): string {
  return Object.entries(checks)
    .filter(([, { status }]) => status !== "healthy")
    .map(([name, { status }]) => `${name} ${status}`)
    .join(", ");
}
