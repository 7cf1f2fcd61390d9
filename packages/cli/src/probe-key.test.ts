import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { createObservabilityListener } from "@tasker-observability/http-express";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { socketPath } from "../../ffi-bridge/src/testing/raw-socket.js";
import { createSampleWorker } from "../../ffi-bridge/src/testing/sample-worker.js";
import { probe } from "./testing/probe.js";

describe("probe --url with an API key", () => {
  const key = "0123456789abcdef";

  async function serveProtected(header?: string) {
    const { observability } = createSampleWorker();
    const listener = createObservabilityListener(observability.operations, {
      auth: { header, keys: [{ name: "probe", key, rights: ["read"] }], protectProbes: true },
    });
    onTestFinished(() => listener.close());
    return (await listener.listen({ port: 0 })).url;
  }

  async function keyFile(content: string) {
    const path = await socketPath("key");
    writeFileSync(path, content);
    return path;
  }

  function keyInEnv(value: string) {
    vi.stubEnv("PROBE_KEY", value);
    onTestFinished(() => void vi.unstubAllEnvs());
    return "PROBE_KEY";
  }

  it("reads it from a file or a variable, never from the command line", async () => {
    const url = await serveProtected();
    const file = await keyFile(`${key}\n`);
    for (const source of [
      ["--api-key-file", file],
      ["--api-key-env", keyInEnv(key)],
    ])
      expect(await probe("ready", "--url", url, ...source)).toMatchObject({
        exitCode: 0,
        output: "ready",
      });
    const refused = await probe("ready", "--url", url, "--api-key", key);
    expect(refused).toMatchObject({
      exitCode: 64,
      error: expect.stringContaining("--api-key-file"),
    });
    expect(JSON.stringify(refused)).not.toContain(key);
  });

  it("puts it into the header that the worker reads", async () => {
    const url = await serveProtected("X-Probe-Key");
    const source = ["--api-key-file", await keyFile(key)];
    expect(await probe("live", "--url", url, ...source)).toMatchObject({ exitCode: 2 });
    expect(
      await probe("live", "--url", url, ...source, "--api-key-header", "X-Probe-Key"),
    ).toMatchObject({ exitCode: 0 });
  });

  it("says that the worker requires a key, or does not accept this one, instead of calling it unreachable", async () => {
    const url = await serveProtected();
    expect(await probe("ready", "--url", url)).toEqual({
      exitCode: 2,
      output:
        "cannot tell: the worker requires an API key (HTTP 401): pass one with --api-key-env NAME or --api-key-file PATH",
      error: "",
    });
    expect(
      await probe("ready", "--url", url, "--api-key-file", await keyFile("fedcba9876543210")),
    ).toEqual({
      exitCode: 2,
      output: "cannot tell: the worker does not accept this API key (HTTP 401)",
      error: "",
    });
  });

  it.each([
    ["", "contains no API key"],
    ["two lines\nof text", "one line of printable ASCII"],
    ["x".repeat(70_000), "it is not an API key file"],
  ])("refuses a file that contains no key", async (content, problem) => {
    const file = await keyFile(content);
    expect(await probe("ready", "--url", "http://127.0.0.1:1", "--api-key-file", file)).toEqual({
      exitCode: 64,
      output: "",
      error: expect.stringContaining(problem),
    });
  });

  it("rejects a missing file or variable", async () => {
    for (const source of [
      ["--api-key-file", "/nonexistent"],
      ["--api-key-file", tmpdir()],
      ["--api-key-env", keyInEnv("")],
      ["--api-key-env", "NO_SUCH_VARIABLE_OF_A_KEY"],
    ])
      expect(await probe("ready", "--url", "http://127.0.0.1:1", ...source)).toMatchObject({
        exitCode: 64,
        error: expect.stringContaining(source[0]!),
      });
  });
});
