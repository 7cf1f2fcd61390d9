import { describe, expect, it, vi } from "vitest";
import { createWorkerContext } from "./context.js";
import { ObservabilityError } from "./errors.js";
import { inProcess, invoke } from "./invoke.js";
import type { Operation } from "./operation.js";
import { running, codeOf } from "./testing/operations.js";

describe("invoke's errors", () => {
  it("passes an ObservabilityError of the service through, unlogged", async () => {
    const logger = vi.fn();
    const own = new ObservabilityError("TEMPLATE_NOT_FOUND", "There is no such template.");
    const failing = running(() => Promise.reject(own), {
      context: createWorkerContext({ logger }),
    });
    await expect(invoke(failing, {}, inProcess)).rejects.toBe(own);
    expect(logger).not.toHaveBeenCalled();
  });

  it("turns any other error into INTERNAL and logs it once, redacted", async () => {
    const logger = vi.fn();
    const context = createWorkerContext({ logger });
    const driverError = Object.assign(
      new Error("connect ECONNREFUSED postgres://worker:hunter2@10.0.0.7/db"),
      { code: "ECONNREFUSED" },
    );
    const rejecting = running(() => Promise.reject(driverError), { context });
    const throwing: Operation = {
      ...rejecting,
      run: () => {
        throw driverError;
      },
    };
    for (const failing of [rejecting, throwing]) {
      const error: unknown = await invoke(failing, {}, inProcess).catch(
        (caught: unknown) => caught,
      );
      expect(error).toMatchObject({
        code: "INTERNAL",
        message: "The operation failed; the worker's log has the reason.",
        cause: { name: "Error", code: "ECONNREFUSED" },
      });
      expect(logger.mock.calls).toEqual([
        [
          "error",
          "operation failed",
          {
            operation: "greet",
            error: expect.objectContaining({ name: "Error", code: "ECONNREFUSED" }),
          },
        ],
      ]);
      expect(JSON.stringify(logger.mock.calls)).not.toContain("hunter2");
      logger.mockClear();
    }
  });

  it("rejects with an ObservabilityError even when the logger throws", async () => {
    const logger = (): never => {
      throw new Error("disk full");
    };
    expect(
      await codeOf(
        invoke(
          running(() => Promise.reject(new Error("no")), {
            context: createWorkerContext({ logger }),
          }),
          {},
          inProcess,
        ),
      ),
    ).toBe("INTERNAL");
  });
});
