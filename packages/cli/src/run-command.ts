import { type CommandResult, giveUp, misuse } from "./command-result.js";
import type { CommandName } from "./command-table.js";

/** Runs a command with the arguments behind its name. */
type Run = (args: readonly string[]) => Promise<CommandResult>;

/** Each command is a file of its own, loaded when it is asked for: a probe must not pay for the others. */
const runs: Readonly<Record<CommandName, Run>> = {
  status: async (args) => (await import("./status-command.js")).runStatus(args),
  probe: async (args) => (await import("./probe-command.js")).runProbe(args),
  call: async (args) => (await import("./call-command.js")).runCall(args),
  "templates list": async (args) => (await import("./list-command.js")).runList(args),
  "templates validate": async (args) => (await import("./templates-command.js")).runTemplates(args),
  "config show": async (args) => (await import("./config-command.js")).runConfig("show", args),
  "config check": async (args) => (await import("./config-command.js")).runConfig("check", args),
  completion: async (args) => (await import("./help-command.js")).runCompletion(args),
  help: async (args) => (await import("./help-command.js")).runHelp(args),
};

/** Runs `tasker-observability`. Never rejects. */
export async function runCommand(args: readonly string[]): Promise<CommandResult> {
  try {
    const name = asksForHelp(args) ? undefined : nameOf(args);
    if (name === undefined) return (await import("./help-command.js")).explain(args);
    return await runs[name](args.slice(name.split(" ").length));
  } catch (error) {
    if (error instanceof Error && error.name === "UsageError") return misuse(error.message);
    return giveUp(error instanceof Error ? error.message : "The command failed.");
  }
}

function asksForHelp(args: readonly string[]): boolean {
  return args.some((arg) => arg === "--help" || arg === "-h");
}

function nameOf(args: readonly string[]): CommandName | undefined {
  const names = [args.slice(0, 2).join(" "), args[0] ?? ""];
  return names.find((name): name is CommandName => Object.hasOwn(runs, name));
}
