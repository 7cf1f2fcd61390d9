import { parseArgs } from "node:util";
import { ConfigError, loadConfig, type LoadedConfig } from "@tasker-observability/config";
import { type CommandResult, fail, giveUp, succeed } from "./command-result.js";
import { formatCheck } from "./format-check.js";
import { formatConfig } from "./format-config.js";

/** `config show` and `config check`. */
export async function runConfig(args: readonly string[]): Promise<CommandResult> {
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: { env: { type: "string" } } });
  const [action, ...others] = positionals;
  if ((action !== "show" && action !== "check") || others.length > 0) return giveUp("config is shown or checked: tasker-observability config show [--env NAME]");
  if (values.env === "") return giveUp("--env needs a name: tasker-observability config show --env production");
  const config = load(values.env);
  // What is shown may be on its way to another program, which must not take problems for it.
  if (config instanceof ConfigError) return action === "show" ? { exitCode: 1, output: "", error: config.message } : fail(config.message);
  return succeed(action === "show" ? formatConfig(config) : formatCheck(config));
}

function load(environment: string | undefined): LoadedConfig | ConfigError {
  try {
    return loadConfig({ environment });
  } catch (error) {
    if (ConfigError.isInstance(error)) return error;
    throw error;
  }
}
