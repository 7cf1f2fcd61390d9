import { expect, it } from "vitest";
import { collectOnce } from "../testing/collect-once.js";
import { createCircuitBreakersCollector } from "./circuit-breakers-collector.js";

const collect = (
  states: readonly { readonly name: string; readonly state: string }[],
): ReturnType<typeof collectOnce> =>
  collectOnce(
    createCircuitBreakersCollector({ circuitBreakers: { states: () => states as never } }),
  );

it("maps the state of each breaker to a number", async () => {
  const { samples } = await collect([
    { name: "a", state: "closed" },
    { name: "b", state: "half_open" },
    { name: "c", state: "open" },
  ]);
  expect(samples).toEqual({
    "tasker_worker_circuit_breaker_state{name=a}": 0,
    "tasker_worker_circuit_breaker_state{name=b}": 1,
    "tasker_worker_circuit_breaker_state{name=c}": 2,
  });
});

it.each(["ajar", "constructor"])("rejects the state %s rather than guess", async (state) => {
  await expect(collect([{ name: "a", state }])).rejects.toThrow("closed, half_open or open");
});
