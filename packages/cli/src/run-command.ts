import { type CommandResult, giveUp, misuse, succeed } from "./command-result.js";

/** Each command is a separate file, loaded on use: a probe must not pay for the others. */
const commands: Readonly<Record<string, (args: readonly string[]) => Promise<CommandResult>>> = {
  probe: async (args) => (await import("./probe-command.js")).runProbe(args),
  templates: async (args) => (await import("./templates-command.js")).runTemplates(args),
  config: async (args) => (await import("./config-command.js")).runConfig(args),
};

/** Runs `tasker-observability`. Never rejects. */
export async function runCommand([name, ...args]: readonly string[]): Promise<CommandResult> {
  try {
    if ([name, ...args].some((arg) => arg === "--help" || arg === "-h"))
      return succeed((await import("./usage.js")).usage);
    if (name === "--version") return succeed((await import("./version.js")).packageVersion);
    const command =
      name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (command === undefined) return misuse((await import("./usage.js")).usage);
    return await command(args);
  } catch (error) {
    return giveUp(error instanceof Error ? error.message : "The command failed.");
  }
}
