import { createWorkerContext, type LifecycleState } from "@tasker-observability/core";
import { describe, expect, it } from "vitest";
import { createLifecycleCheck } from "./lifecycle-check.js";

const checkIn = (state: LifecycleState) => {
  const { lifecycle } = createWorkerContext({ lifecycle: state });
  return createLifecycleCheck({ lifecycle });
};

describe("the lifecycle check", () => {
  it("is healthy while the worker runs", () => {
    expect(checkIn("running").run()).toEqual({ status: "healthy", message: "running" });
  });

  it.each(["created", "starting", "draining", "stopped"] as const)(
    "is unhealthy and says so while the worker is %s",
    (state) => {
      expect(checkIn(state).run()).toEqual({ status: "unhealthy", message: state });
    },
  );

  it("reports each change of the lifecycle", () => {
    const { lifecycle } = createWorkerContext({ lifecycle: "starting" });
    const check = createLifecycleCheck({ lifecycle });
    const seen = (["starting", "running", "draining"] as const).map((state) => {
      lifecycle.become(state);
      return check.run().status;
    });
    expect(seen).toEqual(["unhealthy", "healthy", "unhealthy"]);
  });

  it("is required, never cached, and asked by every probe", () => {
    expect(checkIn("running")).toMatchObject({
      name: "lifecycle",
      criticality: "required",
      cached: false,
      probes: ["ready", "detailed"],
    });
  });
});
