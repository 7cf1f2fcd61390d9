import {
  type CommandDefinition,
  type CommandOption,
  unknownName,
} from "@tasker-observability/core/command-line";
import { usageError, parseArguments } from "../console/parse-command.js";
import { type LogLevel, logLevels } from "@tasker-observability/core";
import { subcommands } from "./subcommands.js";

const options = {
  handlers: {
    type: "string",
    value: "MODULE",
    description:
      "a module whose export `handlers` has a function for each callable that templates name; default: handlers.mjs of this folder, if it is there",
  },
  "log-level": {
    type: "string",
    value: "LEVEL",
    values: logLevels,
    description:
      "debug, info, warn or error: the lowest level that is logged, in place of worker.log.level",
  },
} as const satisfies Readonly<Record<string, CommandOption>>;

/** `tasker-worker start`. */
export const startCommand: CommandDefinition = {
  name: "start",
  summary: "runs a worker; the word may be left out",
  description:
    "It claims steps from PGMQ queues, runs their handlers, and serves health, metrics, templates and configuration. SIGTERM, SIGINT or SIGHUP drains and stops it; a second signal stops it immediately. SIGUSR2 pauses it: running steps continue, no new ones are claimed, and health is degraded. SIGCONT resumes it.",
  options,
  examples: [
    "tasker-worker start",
    "tasker-worker start --handlers build/handlers.mjs --log-level debug",
  ],
};

/** The command that runs a worker; it may be omitted. */
const startWord = "start";

const syntax = {
  command: "tasker-worker",
  options: { ...options, version: { type: "boolean" } },
} as const;

export interface CommandLine {
  readonly handlers: string | undefined;
  /** Undefined: that of the configuration. */
  readonly logLevel: LogLevel | undefined;
  readonly infoToPrint: "help" | "version" | null;
}

/** @throws CommandError that names the wrong argument. */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const parsed = parseArguments(args, syntax);
  if (parsed === null) return { handlers: undefined, logLevel: undefined, infoToPrint: "help" };
  const { words, values } = parsed;
  const [word, surplus] = words;
  if (word !== undefined && word !== startWord)
    throw usageError(syntax, unknownName("command", word, [startWord, ...subcommands]));
  if (surplus !== undefined) throw usageError(syntax, "start takes options only.");
  return {
    handlers: values.handlers,
    logLevel: toLogLevel(values["log-level"]),
    infoToPrint: values.version === true ? "version" : null,
  };
}

function toLogLevel(text: string | undefined): LogLevel | undefined {
  const level = logLevels.find((known) => known === text);
  if (text !== undefined && level === undefined)
    throw usageError(syntax, "--log-level must be debug, info, warn or error.");
  return level;
}
