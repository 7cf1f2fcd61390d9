import { describe, expect, it } from "vitest";
import { createRedactor, MASK } from "./index.js";

const { error: redactError } = createRedactor();

describe("error", () => {
  it("contains only name, code and message", () => {
    const error = Object.assign(new TypeError("no route to postgres://u:p@h/db"), {
      code: "ECONNREFUSED",
      detail: "row",
      host: "h",
    });
    const redacted = redactError(error);
    expect(Object.keys(redacted).sort()).toEqual(["code", "message", "name", "stack"]);
    expect(redacted).toMatchObject({
      name: "TypeError",
      code: "ECONNREFUSED",
      message: `no route to postgres://${MASK}@h/db`,
    });
    expect(redacted.stack).toContain("redact-error.test.ts");
    expect(redacted.stack).not.toContain("u:p");
  });

  it("follows causes and aggregated errors", () => {
    const error = new Error("outer", {
      cause: new AggregateError([new Error("password=abc"), "Bearer abc1"], "all failed"),
    });
    expect(redactError(error)).toMatchObject({
      code: null,
      cause: {
        name: "AggregateError",
        errors: [{ name: "Error", message: `password=${MASK}` }, MASK],
      },
    });
  });

  it("ends at a cycle of causes", () => {
    const error = new Error("a");
    error.cause = new Error("b", { cause: error });
    expect(redactError(error)).toMatchObject({ cause: { message: "b", cause: "[Circular]" } });
  });

  it("recognizes the secret of one error in another", () => {
    const error = new Error("hunter2hunter2 was refused", {
      cause: new Error("password=hunter2hunter2"),
    });
    expect(JSON.stringify(redactError(error))).not.toContain("hunter2");
  });

  it("recognizes an error of another realm", async () => {
    const { runInNewContext } = await import("node:vm");
    expect(redactError(runInNewContext("new RangeError('token=abc')"))).toMatchObject({
      name: "RangeError",
      message: `token=${MASK}`,
    });
  });

  it.each([
    ["token=abc", { name: "string", message: `token=${MASK}` }],
    [undefined, { name: "undefined" }],
    [{ password: "x" }, { name: "object", cause: { password: MASK } }],
  ])("makes an error of anything thrown: %j", (thrown, expected) => {
    expect(redactError(thrown)).toMatchObject({ code: null, ...expected });
  });

  it("does not fail on an error whose fields throw", () => {
    const error = new Error("x");
    Object.defineProperty(error, "message", {
      get: () => {
        throw new Error("hunter2");
      },
    });
    Object.defineProperty(error, "name", {
      get: () => {
        throw new Error("hunter2");
      },
    });
    expect(redactError(error)).toMatchObject({ name: "[Unreadable]", message: "[Unreadable]" });
  });
});
