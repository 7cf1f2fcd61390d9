import { fileURLToPath } from "node:url";
import { RedactionError } from "@tasker-observability/redact";
import { bundleForNode, spawnNode } from "@tasker-observability/testkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ObservabilityError, toSafeCause } from "./errors.js";

const packageFolder = fileURLToPath(new URL("..", import.meta.url));
const source = fileURLToPath(new URL("./errors.ts", import.meta.url));

const hostile = new Proxy(
  {},
  {
    get() {
      throw new Error("no");
    },
    has() {
      throw new Error("no");
    },
    getPrototypeOf() {
      throw new Error("no");
    },
  },
);

describe("ObservabilityError", () => {
  it("is an Error with a name, a code and a message", () => {
    const error = new ObservabilityError("TEMPLATE_NOT_FOUND", "There is no such template.");
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: "ObservabilityError",
      code: "TEMPLATE_NOT_FOUND",
      message: "There is no such template.",
    });
    expect(error.cause).toBeUndefined();
    expect(String(error)).toBe("ObservabilityError: There is no such template.");
  });

  it("keeps only the name and code of a cause", () => {
    const driverError = Object.assign(new Error("connect ECONNREFUSED 10.0.0.7:5432"), {
      code: "ECONNREFUSED",
      address: "10.0.0.7",
      query: "select secret",
    });
    const error = new ObservabilityError("INTERNAL", "It failed.", { cause: driverError });
    expect(error.cause).toEqual({ name: "Error", code: "ECONNREFUSED" });
    expect(JSON.stringify(error)).not.toContain("10.0.0.7");
  });

  it("passes an ObservabilityError through from()", () => {
    const error = new ObservabilityError("TIMEOUT", "No answer.");
    expect(ObservabilityError.from(error)).toBe(error);
  });

  it("turns anything else into INTERNAL, without its message", () => {
    const error = ObservabilityError.from(new TypeError("password=hunter2"));
    expect(error).toMatchObject({ code: "INTERNAL", cause: { name: "TypeError", code: null } });
    expect(error.message).not.toContain("hunter2");
  });

  it("turns a failed redaction into INTERNAL, and keeps its message", () => {
    const failure = new RedactionError();
    const { code, message } = ObservabilityError.from(failure);
    expect({ code, message }).toEqual({ code: "INTERNAL", message: failure.message });
  });

  it("accepts any thrown value, hostile objects included", () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true }), (thrown) => {
        expect(ObservabilityError.from(thrown).code).toBe("INTERNAL");
      }),
    );
    expect(ObservabilityError.from(hostile)).toMatchObject({
      code: "INTERNAL",
      cause: { name: "object", code: null },
    });
  });

  it("recognizes an ObservabilityError, and no lookalike", () => {
    expect(ObservabilityError.isInstance(new ObservabilityError("TIMEOUT", "No answer."))).toBe(
      true,
    );
    for (const other of [
      new Error("x"),
      { name: "ObservabilityError", code: "TIMEOUT", message: "No answer." },
      null,
      undefined,
      "TIMEOUT",
      hostile,
    ]) {
      expect(ObservabilityError.isInstance(other)).toBe(false);
    }
  });

  it("is recognized between the ESM and the CJS copy of the package, both ways", async () => {
    const commonJs = await bundleForNode(
      `export { ObservabilityError } from ${JSON.stringify(source)};`,
      packageFolder,
      "cjs",
    );
    const program = `
      import { createRequire } from "node:module";
      import { ObservabilityError as Esm } from ${JSON.stringify(source)};
      const { ObservabilityError: Cjs } = createRequire(import.meta.url)(${JSON.stringify(commonJs.file)});
      const [fromEsm, fromCjs] = [new Esm("TIMEOUT", "a"), new Cjs("TIMEOUT", "b")];
      console.log(JSON.stringify([Esm === Cjs, fromCjs instanceof Esm, Esm.isInstance(fromCjs), Cjs.isInstance(fromEsm), Esm.from(fromCjs) === fromCjs]));`;
    const esm = await bundleForNode(program, packageFolder);
    const child = spawnNode([esm.file]);
    await child.exited;
    await Promise.all([esm.remove(), commonJs.remove()]);
    expect(child.stdout.text()).toBe("[false,false,true,true,true]\n");
  });
});

describe("toSafeCause", () => {
  it.each([
    [Object.assign(new Error("x"), { code: "28P01" }), { name: "Error", code: "28P01" }],
    [Object.assign(new Error("x"), { code: "42601" }), { name: "Error", code: "42601" }],
    [
      Object.assign(new Error("x"), { name: "postgres://u:p@h/d", code: "two words" }),
      { name: "object", code: null },
    ],
    [Object.assign(new Error("x"), { code: 1045 }), { name: "Error", code: null }],
    ["postgres://u:p@h/d", { name: "string", code: null }],
    [null, { name: "null", code: null }],
    [undefined, { name: "undefined", code: null }],
    [hostile, { name: "object", code: null }],
  ])("reads %# as identifiers only", (thrown, expected) => {
    expect(toSafeCause(thrown)).toEqual(expected);
  });

  it("never lets a message through, whatever its fields are made of", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (name, code) => {
        const cause = toSafeCause({ name, code, message: "secret" });
        for (const word of [cause.name, cause.code ?? ""]) expect(word).toMatch(/^[\w.]{0,64}$/);
      }),
    );
  });
});
