import { describe, expect, it } from "vitest";
import { CommandError } from "../console/command-error.js";
import { parseCommandLine } from "./command-line.js";

describe("the arguments of tasker-worker", () => {
  it.each([
    [["--handlers", "handlers.mjs"], { handlers: "handlers.mjs", infoToPrint: null }],
    [[], { handlers: undefined, infoToPrint: null }],
    [["start"], { handlers: undefined, infoToPrint: null }],
    [["start", "--handlers", "h.mjs"], { handlers: "h.mjs", infoToPrint: null }],
    [["--log-level", "debug"], { handlers: undefined, logLevel: "debug", infoToPrint: null }],
    [["-h"], { handlers: undefined, infoToPrint: "help" }],
    [["--version"], { handlers: undefined, infoToPrint: "version" }],
  ])("accept %j", (args, commandLine) => {
    expect(parseCommandLine(args)).toEqual(commandLine);
  });

  it.each([
    [["--handlers", "a.mjs", "--handlers", "b.mjs"], "--handlers can be given only once."],
    [["--handlers"], "--handlers needs a value, which must not start with a dash."],
    [["--handlers", "--help"], "--handlers needs a value, which must not start with a dash."],
    [["--log-level", "loud"], "--log-level must be debug, info, warn or error."],
    [["--help=yes"], "--help takes no value."],
    [["--no-handlers"], "Unknown option --no-handlers. Did you mean --handlers?"],
    [["start", "handlers.mjs"], "start takes options only."],
    [["strat"], "Unknown command strat. Did you mean start?"],
    [["handlers.mjs"], "Unknown command handlers.mjs."],
    [["dead-letter", "list"], "Unknown command dead-letter. Did you mean dead-letters?"],
  ])("reject %j: %s", (args, message) => {
    expect(() => parseCommandLine(args)).toThrow(
      new CommandError(`${message} See tasker-worker --help.`),
    );
  });
});
