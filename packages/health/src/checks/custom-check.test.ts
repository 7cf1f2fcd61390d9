import { describe, expect, it } from "vitest";
import { builtInCheckNames } from "./built-in-checks.js";
import { type CustomCheck, customCheckProblems, readCustomCheck } from "./custom-check.js";

const run: CustomCheck["run"] = () => ({ status: "healthy" });

describe("customCheckProblems", () => {
  it("finds nothing wrong with a name and a run", () => {
    expect(
      customCheckProblems([
        { name: "disk", run },
        { name: "mail_2", run, criticality: "required", probes: ["ready"], timeoutMs: 50 },
      ]),
    ).toEqual([]);
  });

  it("refuses a name that is taken twice", () => {
    expect(
      customCheckProblems([
        { name: "disk", run },
        { name: "disk", run },
      ]),
    ).toEqual(['checks[1].name is "disk", which another check has already: choose another name.']);
  });

  it.each(builtInCheckNames)(
    "refuses the built-in name %s, whether or not that check exists",
    (name) => {
      expect(customCheckProblems([{ name, run }])).toEqual([
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
  ])("refuses the name %j", (name) => {
    expect(customCheckProblems([{ name, run }])).toEqual([
      "checks[0].name must begin with a lower-case letter, followed by at most 63 of a-z, 0-9 and _.",
    ]);
  });

  it("lists everything that is wrong, with its place", () => {
    expect(
      customCheckProblems([
        null,
        { name: "a" },
        { name: "b", run, criticality: "high", probes: "ready", timeoutMs: 0 },
      ]),
    ).toEqual([
      "checks[0] must be an object: { name, run }.",
      "checks[1].run must be a function.",
      'checks[2].criticality must be "required" or "optional".',
      'checks[2].probes must be an array of "ready" and "detailed".',
      "checks[2].timeoutMs must be a number from 1 to 2147483647.",
    ]);
    expect(customCheckProblems({ disk: run })).toEqual([
      "checks must be an array: pass [{ name, run }].",
    ]);
  });
});

describe("a field that a check does not know", () => {
  it("is refused, with the ones that it knows", () => {
    expect(customCheckProblems([{ name: "disk", run, ready: true }])).toEqual([
      'checks[0] knows no option "ready". It takes name, run, criticality, probes, timeoutMs.',
    ]);
    expect(customCheckProblems([{ name: "disk", run, timeoutMz: 5 }])).toEqual([
      'checks[0] knows no option "timeoutMz". Did you mean "timeoutMs"?',
    ]);
  });

  it("is the state of an object that has a class", () => {
    class DiskCheck {
      readonly name = "disk";
      readonly run = run;
      readonly freeGib = 7;
    }
    expect(customCheckProblems([new DiskCheck()])).toEqual([]);
  });
});

describe("readCustomCheck", () => {
  it("makes a check optional and detailed only, unless it asks for more", () => {
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
