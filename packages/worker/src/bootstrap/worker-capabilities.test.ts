import { expect, it } from "vitest";
import { createWorker } from "../create-worker.js";

const named = { namespaces: ["orders"], templates: "none/*.yaml" };

it("lists what the worker has, and what its application adds, each once", async () => {
  const own = ["command_processing", "database_access", "message_queues", "domain_events"];
  const listed = async (options: Parameters<typeof createWorker>[0]): Promise<readonly string[]> =>
    (await createWorker({ ...named, ...options })).context.identity.capabilities;
  expect(await listed({})).toEqual(own);
  expect(await listed({ socketPath: "/tmp/never-opened.sock" })).toEqual([
    ...own,
    "ffi_integration",
  ]);
  expect(await listed({ capabilities: ["batch_processing", "domain_events"] })).toEqual([
    ...own,
    "batch_processing",
  ]);
});
