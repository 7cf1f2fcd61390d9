import { execFile, execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { resolveConfig } from "@tasker-observability/config";
import { createTestDatabase, useTemporaryFolder } from "@tasker-observability/testkit";
import { describe, expect, it, onTestFinished } from "vitest";
import { parse } from "yaml";
import { starterFiles } from "../packages/worker/src/init/starter-files.js";
import { isThere } from "./client-suite.js";
import { example, programs, readUnit, startUnit } from "./deployment.js";
import { validateManifest } from "./kubernetes-schemas.js";
import { root } from "./npm-process.js";

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: number };
}

const [, section = ""] = readFileSync(join(root, "docs/first-worker.md"), "utf8").split(
  "\n## Deploy it\n",
);
const block = (language: string): string =>
  new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, "m").exec(section)?.[1] ?? "";
const pod = parse(block("yaml")) as {
  readonly terminationGracePeriodSeconds: number;
  readonly containers: readonly [
    Record<"startupProbe" | "livenessProbe" | "readinessProbe", Probe>,
  ];
};
const unit = readUnit(block("ini"));
const folder = useTemporaryFolder();

/** The variables that the image of `init` sets. */
function imageEnvironment(): Record<string, string> {
  const [, settings = ""] = /^ENV (.+)$/m.exec(starterFiles.Dockerfile!) ?? [];
  return Object.fromEntries(
    settings.split(" ").map((setting) => setting.split("=") as [string, string]),
  );
}

describe("the deployment that docs/first-worker.md shows", () => {
  it("is a pod that Kubernetes accepts", () => {
    const labels = { app: "orders-worker" };
    const manifest = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "orders-worker" },
      spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: pod } },
    };
    expect(validateManifest(manifest)).toEqual([]);
  });

  it("gives the worker longer to stop than it drains", () => {
    const { drain_timeout_ms } = resolveConfig({}, { env: {} }).settings.worker.shutdown;
    expect(pod.terminationGracePeriodSeconds * 1_000).toBeGreaterThan(drain_timeout_ms);
    expect(Number(unit.TimeoutStopSec) * 1_000).toBeGreaterThan(drain_timeout_ms);
  });

  it("answers the pod's probes in a container, where other addresses reach it", async () => {
    const env = imageEnvironment();
    const { livenessProbe, readinessProbe, startupProbe } = pod.containers[0];
    const probes = [startupProbe, livenessProbe, readinessProbe].map(({ httpGet }) => httpGet);
    expect(new Set(probes.map(({ port }) => `0.0.0.0:${port}`))).toEqual(
      new Set([env.TASKER_WEB_BIND_ADDRESS]),
    );
    const database = await createTestDatabase();
    await promisify(execFile)(process.execPath, [programs["tasker-worker"]!, "init"], {
      cwd: folder(),
    });
    const worker = startUnit(unit, folder(), {
      ...env,
      TASKER_WEB_BIND_ADDRESS: "0.0.0.0:0",
      DATABASE_URL: database.url,
    });
    onTestFinished(async () => {
      worker.kill("SIGTERM");
      await worker.exited;
      await database.drop();
    });
    const [, port] = /:(\d+)\//.exec(await worker.waitForLine(/^http.*\/health\/live$/)) ?? [];
    await worker.waitForLine(/^ready$/, 30_000);
    for (const { path } of probes)
      expect((await fetch(`http://127.0.0.1:${port}${path}`)).status).toBe(200);
  });
});

describe.skipIf(!isThere("systemd-analyze"))("systemd finds nothing wrong with the unit", () => {
  it.each([
    ["of the example", example("orders-worker.service")],
    ["of docs/first-worker.md", block("ini")],
  ])("%s", async (_, text) => {
    const verify = async (unitText: string): Promise<string> => {
      const file = join(folder(), "orders-worker.service");
      // The worker is not installed here.
      await writeFile(file, unitText.replace(/^ExecStart=\S+/m, `ExecStart=${process.execPath}`));
      const args = ["verify", "--man=no", "--recursive-errors=no", file];
      return execFileSync("sh", ["-c", `systemd-analyze "$@" 2>&1 || true`, "sh", ...args], {
        encoding: "utf8",
      });
    };
    expect(await verify(text)).toBe("");
    expect(await verify(text.replace("Restart=", "Restarts="))).toContain("Unknown key");
  });
});
