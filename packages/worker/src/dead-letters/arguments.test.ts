import { describe, expect, it } from "vitest";
import { parseDeadLettersArguments } from "./arguments.js";

const defaults = {
  namespace: null,
  ids: null,
  code: null,
  limit: null,
  dryRun: false,
  json: false,
};

describe("the arguments of dead-letters", () => {
  it.each([
    [["list"], { ...defaults, action: "list", limit: 100 }],
    [
      ["list", "--namespace", "payments", "--limit", "5", "--json"],
      { ...defaults, action: "list", namespace: "payments", limit: 5, json: true },
    ],
    [
      ["retry", "--namespace", "payments", "--all", "--dry-run"],
      { ...defaults, action: "retry", namespace: "payments", dryRun: true },
    ],
    [
      ["purge", "--namespace", "payments", "--id", "7", "--id", "9223372036854775807"],
      { ...defaults, action: "purge", namespace: "payments", ids: ["7", "9223372036854775807"] },
    ],
    [
      ["retry", "--code", "step_timeout", "--namespace", "payments"],
      { ...defaults, action: "retry", namespace: "payments", code: "step_timeout" },
    ],
  ])("accept %j", (args, request) => {
    expect(parseDeadLettersArguments(args)).toEqual(request);
  });

  it("ask for help", () => {
    expect(parseDeadLettersArguments(["--help"])).toBeNull();
  });

  it.each([
    [[], "Say list, retry or purge."],
    [["drop"], "Say list, retry or purge."],
    [["lst"], "There is no action lst. Did you mean list? Say list, retry or purge."],
    [["list", "--namespaces", "a"], "There is no option --namespaces. Did you mean --namespace?"],
    [["list", "payments"], "Say list, retry or purge."],
    [["retry", "--all"], "Say whose dead letters"],
    [["purge", "--namespace", "payments"], "Say which dead letters"],
    [["purge", "--namespace", "payments", "--dry-run"], "Say which dead letters"],
    [
      ["list", "--namespace", "a; drop table x"],
      "--namespace must be a namespace. At most 29 characters: ",
    ],
    [["retry", "--namespace", "payments", "--id", "0"], "--id must be the whole number"],
    [
      ["retry", "--namespace", "payments", "--id", "9223372036854775808"],
      "--id must be the whole number",
    ],
    [["list", "--limit", "0"], "--limit must be a whole number"],
    [["list", "--limit", "many"], "--limit must be a whole number"],
    [["list", "--limit", "-1"], "--limit needs a value, which must not start with a dash."],
    [["list", "--limit"], "--limit needs a value, which must not start with a dash."],
    [
      ["purge", "--namespace", "--all"],
      "--namespace needs a value, which must not start with a dash.",
    ],
    [["list", "--json=yes"], "--json takes no value."],
    [["purge", "--namespace", "payments", "--all", "--dry-run=false"], "--dry-run takes no value."],
    [
      ["purge", "--namespace", "payments", "--all", "--no-dry-run"],
      "There is no option --no-dry-run.",
    ],
    [["list", "-n", "payments"], "There is no option -n."],
    [
      ["retry", "--namespace", "payments", "--code", ""],
      "--code must be a reason's code, as list shows it.",
    ],
    [
      ["purge", "--namespace", "payments", "--namespace", "orders", "--all"],
      "--namespace can be given only once.",
    ],
    [
      ["retry", "--namespace", "payments", "--code", "a", "--code", "b"],
      "--code can be given only once.",
    ],
    [["list", "--limit", "1", "--limit", "2"], "--limit can be given only once."],
    [
      ["purge", "--namespace", "payments", "--id", "1", "--all"],
      "--all takes them all: leave it out, or --id and --code.",
    ],
    [
      ["retry", "--namespace", "payments", "--code", "step_timeout", "--all"],
      "--all takes them all: leave it out, or --id and --code.",
    ],
    [["list", "--all"], "--all is for retry and purge."],
    [["list", "--dry-run"], "--dry-run is for retry and purge."],
  ])("reject %j: %s", (args, message) => {
    expect(() => parseDeadLettersArguments(args)).toThrow(message);
    expect(() => parseDeadLettersArguments(args)).toThrow(
      /^[^"\n]+ See tasker-worker dead-letters --help\.$/,
    );
  });
});
