import type { CircuitBreakers } from "@tasker-observability/core";
import { describe, expect, it } from "vitest";
import { createCircuitBreakersCheck } from "./circuit-breakers-check.js";

type Breakers = ReturnType<CircuitBreakers["states"]>;

function resultOf(breakers: Breakers): unknown {
  const never = new AbortController().signal;
  return createCircuitBreakersCheck({ circuitBreakers: { states: () => breakers } }).run(never, {
    abandoned: never,
  });
}

describe("the circuit breakers check", () => {
  it("is healthy while all are closed, and if there are none", () => {
    expect(resultOf([])).toEqual({ status: "healthy", message: "no breakers" });
    expect(resultOf([{ name: "mail", state: "closed" }])).toEqual({
      status: "healthy",
      message: "1 closed",
    });
  });

  it("is degraded while any is open or half open, and names it", () => {
    const breakers: Breakers = [
      { name: "mail", state: "open" },
      { name: "tax", state: "half_open" },
      { name: "bank", state: "closed" },
    ];
    expect(resultOf(breakers)).toEqual({
      status: "degraded",
      message: "open: mail; half open: tax",
    });
  });

  it("is unhealthy when all are open", () => {
    const breakers: Breakers = [
      { name: "mail", state: "open" },
      { name: "tax", state: "open" },
    ];
    expect(resultOf(breakers)).toEqual({ status: "unhealthy", message: "open: mail, tax" });
  });

  it("is degraded while the last of them is being tried again", () => {
    expect(resultOf([{ name: "mail", state: "half_open" }])).toEqual({
      status: "degraded",
      message: "half open: mail",
    });
  });
});
