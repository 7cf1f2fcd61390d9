import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { createAccessPolicy } from "./access-policy.js";
import { ObservabilityError } from "./errors.js";
import { inProcess, invoke } from "./invoke.js";
import { overHttp, greet, running, codeOf } from "./testing/operations.js";

describe("invoke's params", () => {
  it("reports every problem of the params, and none of their values", async () => {
    const call = invoke(
      greet(),
      { name: ["hunter2"], times: 0, sk_live_51H: "hunter2" },
      inProcess,
    );
    await expect(call).rejects.toMatchObject({ code: "INVALID_PARAMS" });
    await expect(call).rejects.toThrow(
      "greet rejected its params: name: Invalid input: expected string, received array; times: Too small: expected number to be >=1; params: an unknown key (known: name, times)",
    );
  });

  it("treats absent params as an empty object", async () => {
    for (const params of [undefined, null, {}])
      await expect(
        invoke(
          running(() => "ok"),
          params,
          inProcess,
        ),
      ).resolves.toBe("ok");
    for (const params of [undefined, null, {}])
      expect(await codeOf(invoke(greet(), params, inProcess))).toBe("INVALID_PARAMS");
  });

  it("rejects params of an operation that takes none", async () => {
    expect(
      await codeOf(
        invoke(
          running(() => "ok"),
          { verbose: true },
          inProcess,
        ),
      ),
    ).toBe("INVALID_PARAMS");
  });

  it("calls a params function after the lifecycle and policy checks, and passes its error on", async () => {
    await expect(invoke(greet(), () => ({ name: "Ada" }), inProcess)).resolves.toEqual({
      greeting: "Hello Ada 1",
    });
    const read = vi.fn(() => {
      throw new ObservabilityError("PAYLOAD_TOO_LARGE", "Too large.");
    });
    expect(
      await codeOf(invoke(greet(), read, overHttp, {}, createAccessPolicy({ httpAuth: true }))),
    ).toBe("UNAUTHORIZED");
    expect(read).not.toHaveBeenCalled();
    expect(await codeOf(invoke(greet(), read, inProcess))).toBe("PAYLOAD_TOO_LARGE");
  });

  it("rejects, and never throws, whatever the params are", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.anything({ withNullPrototype: true, withBigInt: true, withMap: true }),
        async (params) => {
          const code = await codeOf(invoke(greet(), params, inProcess));
          expect(["INVALID_PARAMS", "no error"]).toContain(code);
        },
      ),
    );
    const getter = Object.defineProperty({}, "name", {
      enumerable: true,
      get: () => expect.fail("read"),
    });
    expect(await codeOf(invoke(greet(), getter, inProcess))).toBe("INTERNAL");
  });
});
