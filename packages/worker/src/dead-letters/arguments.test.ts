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
    [[], "Use list, retry or purge."],
    [["drop"], "Use list, retry or purge."],
    [["lst"], "Unknown action lst. Did you mean list? Use list, retry or purge."],
    [["list", "--namespaces", "a"], "Unknown option --namespaces. Did you mean --namespace?"],
    [["list", "payments"], "Use list, retry or purge."],
    [["retry", "--all"], "retry and purge need a namespace"],
    [["purge", "--namespace", "payments"], "Choose the dead letters"],
    [["purge", "--namespace", "payments", "--dry-run"], "Choose the dead letters"],
    [
      ["list", "--namespace", "a; drop table x"],
      "--namespace must be a namespace. At most 29 characters: ",
    ],
    [["retry", "--namespace", "payments", "--id", "0"], "--id must be a message id"],
    [
      ["retry", "--namespace", "payments", "--id", "9223372036854775808"],
      "--id must be a message id",
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
    [["purge", "--namespace", "payments", "--all", "--no-dry-run"], "Unknown option --no-dry-run."],
    [["list", "-n", "payments"], "Unknown option -n."],
    [
      ["retry", "--namespace", "payments", "--code", ""],
      "--code must be a reason code, as list shows it.",
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
      "--all cannot be combined with --id or --code: use one or the other.",
    ],
    [
      ["retry", "--namespace", "payments", "--code", "step_timeout", "--all"],
      "--all cannot be combined with --id or --code: use one or the other.",
    ],
    [["list", "--all"], "--all works only with retry and purge."],
    [["list", "--dry-run"], "--dry-run works only with retry and purge."],
  ])("reject %j: %s", (args, message) => {
    expect(() => parseDeadLettersArguments(args)).toThrow(message);
    expect(() => parseDeadLettersArguments(args)).toThrow(
      /^[^"\n]+ See tasker-worker dead-letters --help\.$/,
    );
  });
});
