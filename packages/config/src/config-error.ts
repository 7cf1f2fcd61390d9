import { toPrintable } from "@tasker-observability/core";
import { createClassMarker, createRedactor } from "@tasker-observability/redact";

/** One thing that is wrong with the configuration. It never contains a configured value. */
export interface ConfigProblem {
  /** The key, such as `worker.web.bind_address`; null if the problem is a whole file's. */
  readonly path: string | null;
  /** The environment variable that the value comes from or that is missing; null if there is none. */
  readonly variable: string | null;
  /** The file, with line and column if they are known; null for a default. */
  readonly file: string | null;
  /** What is wrong and what to do. */
  readonly message: string;
}

const redactor = createRedactor();

const marker = createClassMarker<ConfigError>("ConfigError");

/**
 * Lists every problem of a configuration at once.
 *
 * @example
 * try { loadConfig(); }
 * catch (error) { if (ConfigError.isInstance(error)) for (const problem of error.problems) … }
 */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    const masked = problems.map(withoutSecretKeys);
    super(
      [headline(masked.length), ...masked.map((problem) => `  - ${formatProblem(problem)}`)].join(
        "\n",
      ),
    );
    this.problems = Object.freeze(masked);
    marker.mark(this);
  }

  /** True for a ConfigError of this or any other loaded copy of the package. Never throws. */
  static isInstance(value: unknown): value is ConfigError {
    return marker.isOn(value);
  }
}

/** One line for a person: `worker.web.bind_address (base/worker.toml, ${TASKER_WEB_BIND_ADDRESS}): must be …`. */
export function formatProblem(problem: ConfigProblem): string {
  const variable = problem.variable === null ? null : `\${${problem.variable}}`;
  const [subject, ...details] = [problem.path, problem.file, variable].filter(
    (part) => part !== null,
  );
  const where =
    subject === undefined
      ? ""
      : details.length === 0
        ? `${subject}: `
        : `${subject} (${details.join(", ")}): `;
  // Keys and file names can contain control characters, which a terminal must not obey.
  return toPrintable(`${where}${problem.message}`);
}

/** A key may accidentally be a secret too. */
function withoutSecretKeys(problem: ConfigProblem): ConfigProblem {
  return Object.freeze({
    ...problem,
    path: problem.path === null ? null : redactor.text(problem.path),
  });
}

function headline(count: number): string {
  return count === 1
    ? "The configuration has a problem:"
    : `The configuration has ${count} problems:`;
}
