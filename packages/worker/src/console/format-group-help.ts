import { type CommandDefinition, formatCommandHelp } from "@tasker-observability/core/command-line";

const program = "tasker-worker";

/** The help of commands that share their first word. */
export function formatGroupHelp(commands: readonly CommandDefinition[]): string {
  const first = commands[0]?.name.split(" ")[0] ?? "";
  const seconds = commands.map(({ name }) => name.split(" ")[1] ?? "");
  return [
    ...(commands.length > 1 ? [`${program} ${first} ${seconds.join("|")}`] : []),
    ...commands.map((command) => formatCommandHelp({ program }, command)),
  ].join("\n\n");
}
