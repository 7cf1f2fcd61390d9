import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { type CommandTable, completionCommand } from "./command-table.js";
import { completionScript } from "./completion-script.js";

const table: CommandTable = {
  program: "sample-tool",
  summary: "Is completed.",
  exits: "It exits 0.",
  commands: [
    {
      name: "probe",
      arguments: "ready|live",
      words: ["ready", "live"],
      summary: "asks a worker's state",
      options: {
        url: { type: "string", value: "URL", description: "the worker's address" },
        level: { type: "string", values: ["low", "high"], description: "how much" },
      },
      examples: [],
    },
    { name: "list show", summary: "shows it", options: {}, examples: [] },
    {
      name: "list save",
      summary: "saves it",
      options: { json: { type: "boolean", description: "as JSON" } },
      examples: [],
    },
    completionCommand("sample-tool"),
  ],
};

/** What a real bash offers behind these words. */
function completed(...words: string[]): string[] {
  const line = ["sample-tool", ...words];
  const script = `${completionScript(table, "bash")}
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _sample_tool; printf '%s\\n' "\${COMPREPLY[@]}"; complete -p sample-tool >&2`;
  return execFileSync("bash", ["--norc", "-c", script, "bash", ...line], { encoding: "utf8" })
    .split("\n")
    .filter((word) => word !== "");
}

describe("completion in bash", () => {
  it.each([
    [[""], ["probe", "list", "completion"]],
    [["p"], ["probe"]],
    [
      ["list", ""],
      ["show", "save"],
    ],
    [["list", "sa"], ["save"]],
    [
      ["list", "save", "--"],
      ["--json", "--help"],
    ],
    [
      ["list", "save", "file", "--"],
      ["--json", "--help"],
    ],
    [["probe", "r"], ["ready"]],
    [["probe", "ready", "--u"], ["--url"]],
    [["probe", "ready", "--level", "h"], ["high"]],
    [
      ["completion", ""],
      ["bash", "zsh", "fish", "--help"],
    ],
    [["unknown", ""], []],
  ])("offers behind %j: %j", (words, expected) => {
    expect(completed(...words)).toEqual(expected);
  });
});

it("completion in zsh is that of bash, loaded by bashcompinit", () => {
  const script = completionScript(table, "zsh");
  expect(script).toMatch(/^#compdef sample-tool\nautoload -U \+X bashcompinit && bashcompinit\n/);
  expect(script).toContain(completionScript(table, "bash"));
});

it("completion in fish names each command, word and option, with its description", () => {
  const lines = completionScript(table, "fish").split("\n");
  expect(lines).toContain(
    "complete -c sample-tool -n '__fish_use_subcommand' -f -a probe -d 'asks a worker'\\''s state'",
  );
  expect(lines).toContain(
    "complete -c sample-tool -n '__fish_seen_subcommand_from probe' -f -a ready",
  );
  expect(lines).toContain(
    "complete -c sample-tool -n '__fish_seen_subcommand_from list; and __fish_seen_subcommand_from save' -l json -d 'as JSON'",
  );
});
