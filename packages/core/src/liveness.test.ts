import { describe, expect, it } from "vitest";
import { createLiveness } from "./liveness.js";

describe("createLiveness", () => {
  it("is alive until something is reported", () => {
    expect(createLiveness().deadReason()).toBeNull();
  });

  it("lists every reason once, from any source", () => {
    const liveness = createLiveness();
    liveness.report("pool", "pool_dead");
    liveness.report("listener pool", "pool_dead");
    liveness.report("loop", "claim_loop_stopped");
    expect(liveness.deadReason()).toBe("pool_dead, claim_loop_stopped");
  });

  it("is dead until every source has withdrawn its report", () => {
    const liveness = createLiveness();
    liveness.report("pool", "pool_dead");
    liveness.report("loop", "claim_loop_stopped");
    liveness.report("loop", null);
    liveness.report("somebody else", null);
    expect(liveness.deadReason()).toBe("pool_dead");
    liveness.report("pool", null);
    expect(liveness.deadReason()).toBeNull();
  });

  it("keeps the latest reason of a source", () => {
    const liveness = createLiveness();
    liveness.report("loop", "event_loop_stalled");
    liveness.report("loop", "claim_loop_stopped");
    expect(liveness.deadReason()).toBe("claim_loop_stopped");
  });
});
