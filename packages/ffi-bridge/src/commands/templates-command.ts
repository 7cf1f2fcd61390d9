import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { checkTemplateFiles, formatReport, parseHandlerList } from "@tasker-observability/templates";
import { type CommandResult, fail, giveUp, succeed } from "./command-result.js";

/** `templates validate <globs> [--handlers file] [--json]`. */
export async function runTemplates(args: readonly string[]): Promise<CommandResult> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { handlers: { type: "string" }, json: { type: "boolean", default: false } },
  });
  const [action, ...patterns] = positionals;
  if (action !== "validate" || patterns.length === 0) return giveUp("templates validates files: tasker-observability templates validate 'config/tasks/**/*.yaml'");
  const handlers = values.handlers === undefined ? undefined : parseHandlerList(readFileSync(values.handlers, "utf8"));
  const report = await checkTemplateFiles({ patterns, handlers });
  if (report.file_count === 0) return giveUp(`No file matches ${patterns.join(", ")}.`);
  const text = values.json ? JSON.stringify(report, null, 2) : formatReport(report);
  return report.valid ? succeed(text) : fail(text);
}
