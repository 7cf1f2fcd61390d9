import { fileURLToPath } from "node:url";
import { bundleForNode, spawnNode } from "@tasker-observability/testkit";
import { describe, expect, it } from "vitest";

const packageFolder = fileURLToPath(new URL("..", import.meta.url));
const service = JSON.stringify(fileURLToPath(new URL("./health-service.ts", import.meta.url)));
const hang = `{ name: "hang", probes: ["ready"], criticality: "required", timeoutMs: 20, run: () => new Promise(() => {}) }`;

async function run(
  program: string,
  format: "esm" | "cjs",
): Promise<{ code: number | null; output: string }> {
  const bundle = await bundleForNode(program, packageFolder, format);
  const child = spawnNode([bundle.file]);
  const { code } = await child.exited;
  await bundle.remove();
  return { code, output: child.stdout.text() + child.stderr.text() };
}

describe("a check that hangs in a process with nothing else to do", () => {
  it("is reported to a script that does not await it", async () => {
    const program = `require(${service}).createHealthService({ checks: [${hang}] }).readiness().then(({ checks }) => console.log(checks.hang.message));`;
    expect(await run(program, "cjs")).toEqual({ code: 0, output: "timeout after 20 ms\n" });
  });

  it("is reported to a module that awaits it", async () => {
    const program = `import { createHealthService } from ${service};
      const { checks } = await createHealthService({ checks: [${hang}] }).readiness();
      console.log(checks.hang.message);`;
    expect(await run(program, "esm")).toEqual({ code: 0, output: "timeout after 20 ms\n" });
  });

  it("lets the process exit once nothing waits for it", async () => {
    const program = `import { createHealthService } from ${service};
      const health = createHealthService({ checkTimeoutMs: 600_000, checks: [{ ...${hang}, timeoutMs: undefined }] });
      const answer = health.readiness();
      setImmediate(() => health.close());
      console.log((await answer).checks.hang.message);`;
    expect(await run(program, "esm")).toEqual({ code: 0, output: "closed\n" });
  });
});
