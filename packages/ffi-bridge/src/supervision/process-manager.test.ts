import { describe, expect, it, vi } from "vitest";
import { notifyProcessManager } from "./process-manager.js";

describe("notifyProcessManager", () => {
  it("sends `ready` to a parent that listens", () => {
    const send = vi.fn();
    expect(notifyProcessManager(send)).toBe(true);
    expect(send).toHaveBeenCalledWith("ready");
  });

  it("is no error without a parent, or with one that is gone", () => {
    expect(
      notifyProcessManager(() => {
        throw new Error("ERR_IPC_CHANNEL_CLOSED");
      }),
    ).toBe(false);
  });
});
