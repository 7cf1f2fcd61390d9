import { ConfigError, loadConfig, type LoadedConfig } from "@tasker-observability/config";
import { type CommandResult, fail, succeed } from "./command-result.js";
import { commands } from "./command-table.js";
import { toConfigCheck, toConfigReport, toFailedCheck } from "./config-report.js";
import { formatCheck } from "./format-check.js";
import { formatConfig } from "./format-config.js";
import { formatJson } from "./format-json.js";
import { parseOptions, usageError } from "./parse-options.js";

/** `config show` and `config check`. */
export async function runConfig(
  action: "show" | "check",
  args: readonly string[],
): Promise<CommandResult> {
  const command = commands[`config ${action}`];
  const { values, words } = parseOptions(args, command);
  if (words.length > 0) throw usageError(command.name, `${command.name} takes options only.`);
  const config = load(values.env);
  if (action === "show") return show(config, values.json === true);
  return check(config, values.json === true);
}

/** The output may go to another program, which must not read problems as values. */
function show(config: LoadedConfig | ConfigError, json: boolean): CommandResult {
  if (config instanceof ConfigError) return { exitCode: 1, output: "", error: config.message };
  return succeed(json ? formatJson(toConfigReport(config)) : formatConfig(config));
}

function check(config: LoadedConfig | ConfigError, json: boolean): CommandResult {
  if (config instanceof ConfigError)
    return fail(json ? formatJson(toFailedCheck(config)) : config.message);
  return succeed(json ? formatJson(toConfigCheck(config)) : formatCheck(config));
}

function load(environment: string | undefined): LoadedConfig | ConfigError {
  try {
    return loadConfig({ environment });
  } catch (error) {
    if (ConfigError.isInstance(error)) return error;
    throw error;
  }
}
