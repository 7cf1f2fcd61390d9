import { fileURLToPath } from "node:url";
import { bundleForNode, spawnNode } from "@tasker-observability/testkit";
import { describe, expect, it, onTestFinished } from "vitest";
import { runCommand } from "./run-command.js";
import { serve } from "./testing/probe.js";

describe("the command", () => {
  const program = fileURLToPath(new URL("./bin/tasker-observability.ts", import.meta.url));
  const packageFolder = fileURLToPath(new URL("..", import.meta.url));
  const templates = fileURLToPath(
    new URL("../../ffi-bridge/src/testing/templates/charge.yaml", import.meta.url),
  );

  it("prints one line, exits by the answer, and loads no package for a probe", async () => {
    const { ways } = await serve();
    const reportLoaded =
      'process.on("exit", () => console.error(JSON.stringify(Object.keys(require.cache).filter((file) => file.includes("node_modules/") && !file.includes(".testkit-")))));';
    const bundle = await bundleForNode(
      `${reportLoaded} void import(${JSON.stringify(program)});`,
      packageFolder,
      "cjs",
    );
    onTestFinished(() => bundle.remove());
    const child = spawnNode([bundle.file, "probe", "ready", ...ways[0]]);
    expect(await child.exited).toEqual({ code: 0, signal: null });
    expect([child.stdout.text(), child.stderr.text()]).toEqual(["ready\n", "[]\n"]);
  });

  it("exits with the answer's code, quietly, if the reader has left", async () => {
    const bundle = await bundleForNode(
      `void import(${JSON.stringify(program)});`,
      packageFolder,
      "cjs",
    );
    onTestFinished(() => bundle.remove());
    const child = spawnNode([bundle.file, "templates", "validate", templates, "--json"]);
    child.closeOutputs();
    expect(await child.exited).toEqual({ code: 0, signal: null });
  });

  it("explains itself", async () => {
    expect(await runCommand(["--help"])).toMatchObject({
      exitCode: 0,
      output: expect.stringContaining("probe ready|live"),
    });
    for (const [args, help] of [
      [["templates", "validate", "--help"], "templates validate GLOB... [OPTIONS]"],
      [["config", "show", "-h"], "config show [OPTIONS]"],
      [["probe", "ready", "--help"], "probe ready|live [OPTIONS]"],
      [["help", "probe"], "  tasker-observability probe live --file /run/orders/heartbeat"],
      [["help", "templates"], "templates list [GLOB...] [OPTIONS]"],
    ] as const) {
      expect(await runCommand(args)).toMatchObject({
        exitCode: 0,
        output: expect.stringContaining(help),
      });
    }
    expect(await runCommand(["--version"])).toEqual({
      exitCode: 0,
      output: expect.stringMatching(/^\d+\.\d+\.\d+/),
      error: "",
    });
    expect(await runCommand([])).toMatchObject({
      exitCode: 64,
      error: expect.stringContaining("probe ready|live"),
    });
    expect(await runCommand(["constructor"])).toMatchObject({ exitCode: 64 });
  });
});
