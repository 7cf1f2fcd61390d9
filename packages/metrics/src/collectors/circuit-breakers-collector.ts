import { type CircuitBreakers, portAnswers } from "@tasker-observability/core";
import type { Collector } from "../collector.js";
import type { Family } from "../family.js";

const breakerState: Family = {
  name: "tasker_worker_circuit_breaker_state",
  type: "gauge",
  help: "State of the circuit breaker: 0 closed, 1 half-open, 2 open.",
  labels: ["name"],
  merge: "max",
};

const numbers: ReadonlyMap<string, number> = new Map([
  ["closed", 0],
  ["half_open", 1],
  ["open", 2],
]);

/** The circuit breakers of the worker and of its application. */
export function createCircuitBreakersCollector({
  circuitBreakers,
}: {
  readonly circuitBreakers: CircuitBreakers;
}): Collector {
  return {
    name: "circuit_breakers",
    families: [breakerState],
    async collect(readings) {
      for (const { name, state } of portAnswers.breakers(circuitBreakers)) {
        const number = numbers.get(state);
        if (number === undefined)
          throw new TypeError("A circuit breaker's state must be closed, half_open or open.");
        readings.record(breakerState, [name], number);
      }
    },
  };
}
