import { createFakeClock } from "@tasker-observability/testkit";
import { expect, it, vi } from "vitest";
import { collectOnce } from "../testing/collect-once.js";
import { createFleetCollector } from "./fleet-collector.js";

const counts = { starting: 0, running: 3, paused: 1, draining: 0, lost: 2 };
const page = { workers: [], total: 6, counts, duplicate_worker_ids: [] };

it("counts the workers in each state, and asks the database once in half a minute", async () => {
  const clock = createFakeClock();
  const list = vi.fn(async () => page);
  const collector = createFleetCollector({ fleet: { list }, clock });
  const expected = {
    complete: true,
    samples: {
      "tasker_worker_fleet_workers{state=starting}": 0,
      "tasker_worker_fleet_workers{state=running}": 3,
      "tasker_worker_fleet_workers{state=paused}": 1,
      "tasker_worker_fleet_workers{state=draining}": 0,
      "tasker_worker_fleet_workers{state=lost}": 2,
    },
  };
  expect(await collectOnce(collector)).toEqual(expected);
  await clock.advance(29_000);
  expect(await collectOnce(collector)).toEqual(expected);
  expect(list).toHaveBeenCalledTimes(1);
  await clock.advance(2_000);
  await collectOnce(collector);
  expect(list).toHaveBeenCalledTimes(2);
});

it("fails if the fleet cannot be read", async () => {
  const list = async () => Promise.reject(new Error("no such table"));
  const collector = createFleetCollector({ fleet: { list }, clock: createFakeClock() });
  await expect(collectOnce(collector)).rejects.toThrow("no such table");
});
