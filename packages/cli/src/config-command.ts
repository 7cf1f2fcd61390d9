import { parseArgs } from "node:util";
import { ConfigError, loadConfig, type LoadedConfig } from "@tasker-observability/config";
import { type CommandResult, fail, giveUp, succeed } from "./command-result.js";
import { toConfigCheck, toConfigReport, toFailedCheck } from "./config-report.js";
import { formatCheck } from "./format-check.js";
import { formatConfig } from "./format-config.js";
import { formatJson } from "./format-json.js";

/** `config show` and `config check`, each `[--env NAME] [--json]`. */
export async function runConfig(args: readonly string[]): Promise<CommandResult> {
  const { values, positionals, tokens } = parseArgs({
    args: [...args],
    allowPositionals: true,
    tokens: true,
    options: { env: { type: "string" }, json: { type: "boolean", default: false } },
  });
  const [action, ...others] = positionals;
  if ((action !== "show" && action !== "check") || others.length > 0)
    return giveUp(
      "config takes show or check: tasker-observability config show|check [--env NAME] [--json]",
    );
  const names = tokens.flatMap((token) => (token.kind === "option" ? [token.name] : []));
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) return giveUp(`--${repeated} can be given only once.`);
  if (values.env === "")
    return giveUp("--env needs a name: tasker-observability config show --env production");
  const config = load(values.env);
  if (action === "show") return show(config, values.json);
  return check(config, values.json);
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
