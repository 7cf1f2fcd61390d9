import { describe, expect, it } from "vitest";
import { commandTable } from "./command-table.js";
import { completionText, helpText } from "./run-help.js";
import { isSubcommand } from "./subcommands.js";

describe("the commands of tasker-worker", () => {
  it("are all in the table, and all of the table are known before it is loaded", () => {
    for (const { name } of commandTable.commands)
      expect(name === "start" || isSubcommand(name.split(" ")[0]), name).toBe(true);
  });

  it("have help, alone and by their first word", () => {
    expect(helpText([])).toMatch(/^tasker-worker COMMAND\n/);
    expect(helpText(["start"])).toContain("--log-level LEVEL");
    expect(helpText(["dead-letters", "purge"])).toMatch(/^tasker-worker dead-letters purge/);
    for (const action of ["list", "retry", "purge"])
      expect(helpText(["dead-letters"])).toContain(
        `tasker-worker dead-letters ${action} [OPTIONS]`,
      );
    expect(() => helpText(["strat"])).toThrow("Unknown command strat. Did you mean start?");
  });

  it("have completion", () => {
    expect(completionText(["bash"])).toContain("dead-letters");
    expect(() => completionText(["csh"])).toThrow("completion takes bash, zsh or fish.");
  });
});
