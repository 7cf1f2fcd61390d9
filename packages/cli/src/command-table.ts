import { catalogue } from "@tasker-observability/core";
import {
  type CommandOption,
  type CommandTable,
  completionCommand,
  helpCommand,
} from "@tasker-observability/core/command-line";

const program = "tasker-observability";

const json = {
  json: { type: "boolean", description: "prints JSON, for another program" },
} as const satisfies Record<string, CommandOption>;

const keyOptions = {
  "api-key-env": {
    type: "string",
    value: "NAME",
    description: "with --url: the environment variable that contains an API key",
  },
  "api-key-file": {
    type: "string",
    value: "PATH",
    description: "with --url: the file that contains an API key",
  },
  "api-key-header": {
    type: "string",
    value: "NAME",
    description: "with --url: the header that carries the key; default: X-API-Key",
  },
} as const satisfies Record<string, CommandOption>;

const socketOption = {
  socket: { type: "string", value: "PATH", description: "asks a worker on its Unix socket" },
} as const satisfies Record<string, CommandOption>;
const urlOptions = {
  url: {
    type: "string",
    value: "URL",
    description: "asks a worker's HTTP endpoint, such as http://127.0.0.1:8081",
  },
  timeout: {
    type: "string",
    value: "SECONDS",
    description: "with --socket or --url: how long to wait for an answer; default: 5",
  },
  ...keyOptions,
} as const satisfies Record<string, CommandOption>;

/** How a worker is reached. */
export const workerOptions = { ...socketOption, ...urlOptions } as const;

const environment = {
  env: { type: "string", value: "NAME", description: "the environment; default: TASKER_ENV" },
  ...json,
} as const satisfies Record<string, CommandOption>;

const cannotTell = "Exits 2 if the worker cannot be reached or gives no usable answer.";

/** The definition of each command, by its name. */
export const commands = {
  status: {
    name: "status",
    summary: "shows in one screen how a worker is: verdict, checks, queues, steps",
    options: { ...workerOptions, ...json },
    examples: [
      `${program} status --url http://127.0.0.1:8081`,
      `${program} status --socket /run/orders/worker.sock --json`,
    ],
    exits: `Exits 0 if the worker is ready, 1 if it is not. ${cannotTell}`,
  },
  probe: {
    name: "probe",
    arguments: "ready|live",
    words: ["ready", "live"],
    summary: "asks whether a worker is ready or alive, and prints one line",
    options: {
      ...socketOption,
      file: { type: "string", value: "PATH", description: "reads a worker's heartbeat file" },
      "max-age": {
        type: "string",
        value: "SECONDS",
        description: "with --file: how old a heartbeat may be; default: 30",
      },
      ...urlOptions,
      healthcheck: {
        type: "boolean",
        description: "exits 0 for yes and 1 otherwise, for Docker's HEALTHCHECK, which reserves 2",
      },
    },
    examples: [
      `${program} probe ready --socket /run/orders/worker.sock`,
      `${program} probe live --file /run/orders/heartbeat --max-age 15`,
      `${program} probe ready --url http://127.0.0.1:8081 --healthcheck`,
    ],
    exits: `Exits 0 for yes, 1 for no. ${cannotTell}`,
  },
  call: {
    name: "call",
    arguments: "OPERATION",
    words: Object.keys(catalogue),
    summary: "calls an operation of a worker, your own included, and prints its answer",
    options: {
      ...workerOptions,
      params: {
        type: "string",
        value: "JSON",
        description: "the operation's params, as a JSON object; default: none",
      },
    },
    examples: [
      `${program} call health_detailed --url http://127.0.0.1:8081`,
      `${program} call template_get --socket /run/orders/worker.sock --params '{"namespace":"orders","name":"fulfill","version":"1.0.0"}'`,
    ],
    exits: `Exits 1 if the worker answers with an error. ${cannotTell}`,
  },
  "templates list": {
    name: "templates list",
    arguments: "[GLOB...]",
    summary: "lists the templates of a worker, or of files",
    options: {
      ...workerOptions,
      namespace: {
        type: "string",
        value: "NAME",
        description: "only the templates of this namespace",
      },
      ...json,
    },
    examples: [
      `${program} templates list --url http://127.0.0.1:8081`,
      `${program} templates list 'config/tasks/**/*.yaml' --json`,
    ],
    exits: `Exits 1 if the worker answers with an error. ${cannotTell} It also exits 2 if a glob matches no file.`,
  },
  "templates validate": {
    name: "templates validate",
    arguments: "GLOB...",
    summary: "validates template files without a worker",
    options: {
      handlers: {
        type: "string",
        value: "FILE",
        description: "the worker's handlers: a JSON list or object, or one name per line",
      },
      namespace: {
        type: "string",
        multiple: true,
        value: "NAME",
        description: "a namespace that the worker serves; may be repeated; default: any",
      },
      ...json,
    },
    examples: [`${program} templates validate 'config/tasks/**/*.yaml' --handlers handlers.json`],
    exits:
      "Exits 1 with errors, 2 if a glob matches no file or the list of handlers cannot be read.",
  },
  "config show": {
    name: "config show",
    summary: "prints each value of the configuration with its origin; secrets are masked",
    options: environment,
    examples: [`${program} config show --env production`],
    exits: "Exits 1 with problems, which it prints on standard error.",
  },
  "config check": {
    name: "config check",
    summary: "prints every problem and warning of the configuration",
    options: environment,
    examples: [`${program} config check --env production --json`],
    exits: "Exits 1 with problems.",
  },
  completion: completionCommand(program),
  help: helpCommand,
} as const;

/** The name of a command. */
export type CommandName = keyof typeof commands;

/** All commands of `tasker-observability`. */
export const commandTable: CommandTable = {
  program,
  summary: "Asks a worker how it is, and checks its templates and its configuration.",
  commands: Object.values(commands),
  exits: "Every command exits 0 if all is well and 64 for wrong arguments.",
};
