import { expect, it } from "vitest";
import { collectOnce } from "../testing/collect-once.js";
import { createPoolsCollector } from "./pools-collector.js";

it("counts the pool's connections and waiting callers", async () => {
  const { samples } = await collectOnce(
    createPoolsCollector({ database: { pool: () => ({ size: 7, idle: 4, waiting: 2, max: 10 }) } }),
  );
  expect(samples).toEqual({
    tasker_worker_db_pool_size: 7,
    tasker_worker_db_pool_idle: 4,
    tasker_worker_db_pool_waiting: 2,
  });
});

it("has no samples, and succeeds, when the driver has no numbers of its pool", async () => {
  await expect(
    collectOnce(createPoolsCollector({ database: { pool: () => null } })),
  ).resolves.toEqual({ samples: {}, complete: true });
});
