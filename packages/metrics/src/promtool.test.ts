import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { createLiveWorker, runSteps } from "./testing/live-worker.js";

const { PROMTOOL } = process.env;
const docs = fileURLToPath(new URL("../../../docs/prometheus", import.meta.url));

/** Runs promtool to its end; its outputs are what it has to complain of. */
async function promtool(
  args: readonly string[],
  input = "",
): Promise<{ readonly code: number | null; readonly output: string }> {
  return new Promise((resolve) => {
    const child = execFile(PROMTOOL ?? "", args, { cwd: docs }, (_, stdout, stderr) => {
      resolve({ code: child.exitCode, output: stdout + stderr });
    });
    child.stdin?.end(input);
  });
}

describe.skipIf(PROMTOOL === undefined)("promtool", () => {
  it("accepts a live worker's metrics", async () => {
    const worker = createLiveWorker();
    runSteps(worker);
    await expect(
      promtool(["check", "metrics"], await worker.service.prometheusFormat()),
    ).resolves.toEqual({ code: 0, output: "" });
  });

  it("reports invalid metrics", async () => {
    const { code, output } = await promtool(
      ["check", "metrics"],
      "# HELP steps_total Steps.\n# TYPE steps_total gauge\nsteps_total 1\n",
    );
    expect(output).toContain("steps_total");
    expect(code).not.toBe(0);
  });

  it.each([
    ["the configuration and the rules that it names", ["check", "config", "prometheus.yml"]],
    ["the rules", ["check", "rules", "recording-rules.yml", "alert-rules.yml"]],
    ["what the rules' tests expect", ["test", "rules", "rule-tests.yml"]],
  ])("accepts %s", async (_, args) => {
    const { code, output } = await promtool(args);
    expect(output).toContain("SUCCESS");
    expect(output).not.toContain("FAILED");
    expect(code).toBe(0);
  });

  it("can read every expression of the dashboard", async () => {
    const dashboard = JSON.parse(await readFile(join(docs, "grafana-dashboard.json"), "utf8")) as {
      panels: { targets?: { expr: string }[] }[];
    };
    const expressions = dashboard.panels.flatMap(({ targets = [] }) =>
      targets.map(({ expr }) => expr.replaceAll("$__rate_interval", "5m")),
    );
    const rules = expressions.map((expr, index) => ({ record: `panel:${index}`, expr }));
    const folder = await mkdtemp(join(tmpdir(), "dashboard-"));
    await writeFile(
      join(folder, "rules.yml"),
      JSON.stringify({ groups: [{ name: "dashboard", rules }] }),
    );
    const { code, output } = await promtool(["check", "rules", join(folder, "rules.yml")]);
    await rm(folder, { recursive: true });
    expect(output).toContain(`SUCCESS: ${expressions.length} rules found`);
    expect(code).toBe(0);
  });
});
