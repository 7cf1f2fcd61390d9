import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { createWorkerHarness, type WorkerHarness } from "./worker-harness.js";

/** A database of the test's own with one more template, dropped after everything that the test starts later has ended. */
export async function openOwnHarness(template: string): Promise<WorkerHarness> {
  const harness = await createWorkerHarness();
  onTestFinished(() => harness.close());
  await writeFile(join(dirname(harness.templates), "more.yaml"), template);
  return harness;
}
