import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { format } from "node:util";
import { createTestDatabase, withOptionTables } from "@tasker-observability/testkit";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { workerOptionsSchema } from "./options/worker-options.js";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

/** Runs code as it is written, the packages resolved to their sources. */
async function run(code: string): Promise<void> {
  const folder = mkdtempSync(fileURLToPath(new URL("./testing/.snippet-", import.meta.url)));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "snippet.mjs");
  writeFileSync(file, code);
  await import(/* @vite-ignore */ file);
}

describe("the README", () => {
  it("has an example that prints what it says", async () => {
    const database = await createTestDatabase();
    onTestFinished(() => database.drop());
    vi.stubEnv("DATABASE_URL", database.url);
    onTestFinished(() => void vi.unstubAllEnvs());
    const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
    await run(/```js\n([\s\S]*?)```/.exec(readme)?.[1] ?? "");
    const printed = log.mock.calls.map((words) => `${format(...words)}\n`).join("");
    log.mockRestore();
    expect(printed).toBe(/```text\n(.*?)```/s.exec(readme)?.[1]);
  });

  it("shows the options that the schema has (npm run generate writes the table)", async () => {
    const source = new URL("./options/worker-options.ts", import.meta.url);
    const tables = { createWorker: { schema: workerOptionsSchema, sources: [source] } };
    await expect(withOptionTables(readme, tables)).toMatchFileSnapshot("../README.md");
  });
});
