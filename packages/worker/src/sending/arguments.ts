import type { StepToEnqueue } from "@tasker-observability/producer";
import type { CommandDefinition, CommandOption } from "@tasker-observability/core/command-line";
import { type UsageError, usageError, parseArguments } from "../console/parse-command.js";

const program = "tasker-worker steps";

const options = {
  input: {
    type: "string",
    value: "JSON",
    description: "the input of the step's handler; default: null",
  },
  "delay-seconds": {
    type: "string",
    value: "N",
    description: "how long the step stays hidden from workers; default: 0",
  },
  "step-id": {
    type: "string",
    value: "ID",
    description: "identifies the step in logs, dead letters and handlers; default: a random UUID",
  },
  json: { type: "boolean", description: "prints JSON, for another program" },
} as const satisfies Readonly<Record<string, CommandOption>>;

/** `tasker-worker steps send`. */
export const sendCommand: CommandDefinition = {
  name: "steps send",
  arguments: "NAMESPACE/TEMPLATE/VERSION STEP",
  summary: "puts a step on the queue of its namespace",
  description:
    "The queue is that of the configuration's database: common.database.url, which is DATABASE_URL by default.",
  options,
  examples: [`${program} send orders/fulfill/1.0.0 ship --input '{"order_id": 17}'`],
};

const syntax = { command: program, options };

export interface SendRequest {
  readonly step: StepToEnqueue;
  readonly json: boolean;
}

/**
 * @returns null where help was asked for.
 * @throws UsageError that names the wrong argument.
 */
export function parseSendArguments(args: readonly string[]): SendRequest | null {
  const parsed = parseArguments(args, syntax);
  if (parsed === null) return null;
  const [action, template, stepName, surplus] = parsed.words;
  if (action !== "send") throw wrong("Use send.");
  const [namespace, name, version, ...rest] = template?.split("/") ?? [];
  if (namespace === undefined || name === undefined || version === undefined || rest.length > 0)
    throw wrong("Name the template as namespace/name/version, such as orders/fulfill/1.0.0.");
  if (stepName === undefined || surplus !== undefined)
    throw wrong("Name one step of the template, behind the template.");
  const { values } = parsed;
  return {
    step: {
      template: { namespace, name, version },
      stepName,
      input: toInput(values.input),
      delay: (toSeconds(values["delay-seconds"]) ?? 0) * 1_000,
      stepId: values["step-id"],
    },
    json: values.json === true,
  };
}

function toInput(text: string | undefined): unknown {
  try {
    return text === undefined ? null : (JSON.parse(text) as unknown);
  } catch {
    throw wrong(`--input must be JSON, such as '{"order_id": 17}'.`);
  }
}

function toSeconds(text: string | undefined): number | undefined {
  if (text !== undefined && !/^\d{1,8}$/.test(text))
    throw wrong("--delay-seconds must be a whole number of seconds.");
  return text === undefined ? undefined : Number(text);
}

function wrong(message: string): UsageError {
  return usageError(syntax, message);
}
