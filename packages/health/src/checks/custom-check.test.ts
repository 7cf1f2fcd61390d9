import { validateOptions } from "@tasker-observability/core/options";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { builtInCheckNames } from "./built-in-checks.js";
import { type CustomCheck, customChecksOption, readCustomCheck } from "./custom-check.js";

const run: CustomCheck["run"] = () => ({ status: "healthy" });

const optionsSchema = z.strictObject({ checks: customChecksOption });
const problemsOf = (checks: unknown): readonly string[] =>
  validateOptions("createX", optionsSchema, { checks });

describe("checks of an application", () => {
  it("accepts a name and a run", () => {
    expect(
      problemsOf([
        { name: "disk", run },
        { name: "mail_2", run, criticality: "required", probes: ["ready"], timeoutMs: 50 },
      ]),
    ).toEqual([]);
  });

  it("rejects a duplicate name", () => {
    expect(
      problemsOf([
        { name: "disk", run },
        { name: "disk", run },
      ]),
    ).toEqual(['checks[1].name is "disk", which another check has already: choose another name.']);
  });

  it.each(builtInCheckNames)(
    "rejects the built-in name %s, whether or not that check exists",
    (name) => {
      expect(problemsOf([{ name, run }])).toEqual([
        `checks[0].name is "${name}", which another check has already: choose another name.`,
      ]);
    },
  );

  it.each([
    "__proto__",
    "",
    "Disk",
    "disk space",
    "1st",
    "disk-space",
    "a".repeat(65),
    "disk\n",
    7,
    null,
    undefined,
    Symbol("disk"),
  ])("rejects the name %j", (name) => {
    expect(problemsOf([{ name, run }])).toEqual([
      expect.stringMatching(
        /^checks\[0\]\.name must be a lower-case letter, followed by at most 63 of a-z, 0-9 and _(?:, not a number|, not null|, not a symbol|, but is missing)?\.$/,
      ),
    ]);
  });

  it("lists everything that is wrong, with its place", () => {
    expect(
      problemsOf([
        null,
        { name: "a" },
        { name: "b", run, criticality: "high", probes: "ready", timeoutMs: 0 },
        { name: "c", run, probes: ["live"] },
      ]),
    ).toEqual([
      "checks[0] takes an object with the options name, run, criticality, probes, timeoutMs, cacheTtlMs, not null.",
      "checks[1].run must be a function: async (signal) => ({ status, message }), but is missing.",
      'checks[2].criticality must be "required" or "optional".',
      "checks[2].probes must be an array, not a string.",
      "checks[2].timeoutMs must be a number from 1 to 2147483647, not 0.",
      'checks[3].probes[0] must be "ready" or "detailed".',
    ]);
    expect(problemsOf({ disk: run })).toEqual(["checks must be an array, not an object."]);
  });
});

describe("an unknown field of a check", () => {
  it("is rejected with a list of the known ones", () => {
    expect(problemsOf([{ name: "disk", run, ready: true }])).toEqual([
      'Unknown option "ready" of checks[0]. It takes name, run, criticality, probes, timeoutMs, cacheTtlMs.',
    ]);
    expect(problemsOf([{ name: "disk", run, timeoutMz: 5 }])).toEqual([
      'Unknown option "timeoutMz" of checks[0]. Did you mean "timeoutMs"?',
    ]);
  });

  it("is allowed on an instance of a class", () => {
    class DiskCheck {
      readonly name = "disk";
      readonly run = run;
      readonly freeGib = 7;
    }
    expect(problemsOf([new DiskCheck()])).toEqual([]);
  });
});

describe("readCustomCheck", () => {
  it("makes a check optional and detailed only by default", () => {
    expect(readCustomCheck({ name: "disk", run })).toMatchObject({
      criticality: "optional",
      probes: ["detailed"],
      cached: true,
    });
    expect(
      readCustomCheck({ name: "disk", run, criticality: "required", probes: ["ready"] }),
    ).toMatchObject({ criticality: "required", probes: ["ready"] });
  });

  it("calls run as a method, so that a check can be an object with a state", () => {
    class DiskCheck implements CustomCheck {
      readonly name = "disk";
      readonly #free = 7;
      run(): { status: "healthy"; message: string } {
        return { status: "healthy", message: `${this.#free} GiB free` };
      }
    }
    const never = new AbortController().signal;
    expect(readCustomCheck(new DiskCheck()).run(never, { abandoned: never })).toEqual({
      status: "healthy",
      message: "7 GiB free",
    });
  });
});
