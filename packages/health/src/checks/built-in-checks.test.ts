import { existsSync } from "node:fs";
import { createWorkerContext, type Ports } from "@tasker-observability/core";
import { describe, expect, it } from "vitest";
import { createHealthService } from "../health-service.js";
import { ports } from "../testing/health-service.js";
import { builtInCheckNames, builtInChecks } from "./built-in-checks.js";

const namesFor = (given: Partial<Ports>, stepProcessing?: boolean): string[] =>
  builtInChecks(createWorkerContext({ ports: given }), { stepProcessing }).map(({ name }) => name);

describe("builtInChecks", () => {
  it("makes all of them, in their order, for a worker that has everything", () => {
    expect(namesFor(ports)).toEqual([...builtInCheckNames]);
  });

  it.each(builtInCheckNames)("has a test of %s", (name) => {
    const test = `${name.replaceAll("_", "-")}-check.test.ts`;
    expect(existsSync(new URL(test, import.meta.url)), `packages/health/src/checks/${test}`).toBe(
      true,
    );
  });

  it("makes no check if there is no port", () => {
    expect(namesFor({})).toEqual(["lifecycle"]);
    expect(namesFor({ database: ports.database })).toEqual(["lifecycle", "database"]);
    expect(
      namesFor({ eventSystem: ports.eventSystem, circuitBreakers: ports.circuitBreakers }),
    ).toEqual(["lifecycle", "event_system", "circuit_breakers"]);
  });

  it("evaluates steps if there is a command processor, or on request", () => {
    expect(namesFor({ commandProcessor: ports.commandProcessor })).toEqual([
      "lifecycle",
      "command_processor",
      "step_processing",
    ]);
    expect(namesFor({ commandProcessor: ports.commandProcessor }, false)).toEqual([
      "lifecycle",
      "command_processor",
    ]);
    expect(namesFor({}, true)).toEqual(["lifecycle", "step_processing"]);
  });

  it("sets the documented criticality and probes", () => {
    const facts = builtInChecks(createWorkerContext({ ports }), {}).map(
      ({ name, criticality, probes }) => `${name} ${criticality} ${probes.join("+")}`,
    );
    expect(facts).toEqual([
      "lifecycle required ready+detailed",
      "database required ready+detailed",
      "command_processor required ready+detailed",
      "queue_processing required ready+detailed",
      "event_system optional detailed",
      "step_processing optional detailed",
      "circuit_breakers optional detailed",
    ]);
  });

  it("lets an application change the criticality", () => {
    const checks = builtInChecks(createWorkerContext({ ports }), {
      criticality: { database: "optional", event_system: "required" },
    });
    expect(
      checks.filter(({ criticality }) => criticality === "optional").map(({ name }) => name),
    ).toEqual(["database", "step_processing", "circuit_breakers"]);
  });
});

describe("a check whose port gives an invalid answer", () => {
  it("names the problems, and uses nothing", async () => {
    const context = createWorkerContext({
      ports: {
        database: { ping: async () => undefined, pool: () => ({ size: "3" }) as never },
        queues: { statistics: async () => [{ depth: "20000" }] as never },
        circuitBreakers: { states: () => [{ name: "mail", state: "ajar" }] as never },
      },
    });
    const { checks, system_info: info } = await createHealthService({ context }).detailed();
    expect(checks.queue_processing).toMatchObject({
      status: "unhealthy",
      message: "queues.statistics()[0].namespace must be a string, but is missing.",
    });
    expect(checks.circuit_breakers).toMatchObject({
      status: "unhealthy",
      message: expect.stringContaining("circuitBreakers.states()[0].state must be one of closed"),
    });
    expect(info).toMatchObject({ database_pool_size: null, pool_utilization: null });
  });
});
