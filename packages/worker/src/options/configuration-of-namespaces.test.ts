import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Sections } from "../testing/worker-harness.js";
import { dropQueues, useWorkerHarness } from "../testing/use-worker-harness.js";

const harness = useWorkerHarness(dropQueues);
const poller = (keys: Sections): Sections => ({
  event_systems: { worker: { metadata: { fallback_poller: keys } } },
});

describe("namespaces", () => {
  const queues = async (): Promise<string[]> =>
    (
      await harness.query<{ queue_name: string }>(
        "select queue_name from pgmq.list_queues() order by 1",
      )
    ).map((row) => row.queue_name);

  it("are those that worker.namespaces lists", async () => {
    const { worker } = await harness.start({ worker: { namespaces: ["orders"] } });
    expect(worker.context.identity.namespaces).toEqual(["orders"]);
    expect(await queues()).toEqual(expect.arrayContaining(["orders_dead_letter", "orders_queue"]));
    expect(await queues()).not.toContain("payments_queue");
  });

  it("are else those of the older supported_namespaces", async () => {
    const { worker } = await harness.start({
      worker: { namespaces: [], ...poller({ supported_namespaces: ["mail"] }) },
    });
    expect(worker.context.identity.namespaces).toEqual(["mail"]);
  });

  it("are else those of the templates that search_paths finds; one that cannot name a queue is not served", async () => {
    const folder = dirname(harness.templates);
    await writeFile(
      join(folder, "other.yml"),
      "name: t\nnamespace_name: shipping\nversion: 1.0.0\nsteps: []\n",
    );
    const { worker } = await harness.start({
      worker: { namespaces: [] },
      common: { task_templates: { search_paths: [join(folder, "*.yml")] } },
    });
    expect(worker.context.identity.namespaces).toEqual(["shipping"]);
  });

  it.each([
    ["can name a queue", "name: t\nnamespace_name: Not-A-Queue\nversion: 1.0.0\nsteps: []\n"],
    ["is there", ""],
  ])("are none if none %s, which one line of the log says", async (_what, template) => {
    const folder = dirname(harness.templates);
    await writeFile(join(folder, "nobody.yml"), template);
    const { worker, log } = await harness.start({
      worker: { namespaces: [] },
      common: { task_templates: { search_paths: [join(folder, "nobody.yml")] } },
    });
    expect(worker.context.identity.namespaces).toEqual([]);
    expect(
      log.filter(
        ({ level, message }) => level === "warn" && message.startsWith("no queue is served"),
      ),
    ).toHaveLength(1);
  });

  it("are none: the worker is not ready, and readiness says what to do", async () => {
    const { ready } = await harness.start({
      worker: { namespaces: [] },
      common: { task_templates: { search_paths: ["nowhere/*.yml"] } },
    });
    const { status, checks } = await ready();
    expect(status).toBe("unhealthy");
    expect(checks.namespaces).toMatchObject({
      status: "unhealthy",
      message: expect.stringMatching(/^no_namespaces: no queue is served; .* restart the worker$/),
    });
  });

  it("are some: no check is needed", async () => {
    const { ready } = await harness.start();
    expect((await ready()).checks).not.toHaveProperty("namespaces");
  });
});
