import { execFileSync } from "node:child_process";
import { utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { describe, expect, it } from "vitest";
import { socketPath } from "../../ffi-bridge/src/testing/raw-socket.js";
import { probe } from "./testing/probe.js";

describe("probe --file", () => {
  async function heartbeat(content: string, ageSeconds: number) {
    const path = await socketPath("heartbeat");
    writeFileSync(path, content);
    const then = Date.now() / 1_000 - ageSeconds;
    utimesSync(path, then, then);
    return path;
  }

  it("goes by the file's age, and by what it says of readiness", async () => {
    const ready = await heartbeat('{"status":"alive","ready":true}', 3);
    expect(await probe("live", "--file", ready)).toMatchObject({
      exitCode: 0,
      output: expect.stringMatching(/^alive \(heartbeat [34] s ago\)$/),
    });
    expect(await probe("ready", "--file", ready)).toMatchObject({ exitCode: 0 });
    expect(await probe("live", "--file", ready, "--max-age=2")).toMatchObject({
      exitCode: 1,
      output: expect.stringMatching(/^dead \(the heartbeat is [34] s old\)$/),
    });
    expect(
      await probe("ready", "--file", await heartbeat('{"status":"alive","ready":false}', 0)),
    ).toMatchObject({ exitCode: 1 });
    expect(
      await probe("ready", "--file", await heartbeat('{"status":"alive","ready":null}', 0)),
    ).toMatchObject({ exitCode: 1 });
    expect(
      await probe("live", "--file", await heartbeat('{"status":"alive","ready":true}', 31)),
    ).toMatchObject({ exitCode: 1 });
  });

  it("cannot tell if there is no file, or a different one", async () => {
    expect(await probe("live", "--file", "/nonexistent")).toEqual({
      exitCode: 2,
      output: "cannot reach the worker: the heartbeat file cannot be read (ENOENT)",
      error: "",
    });
    for (const name of ["ready", "live"]) {
      for (const content of ["rubbish", "", "{}", "null", "7"]) {
        expect(await probe(name, "--file", await heartbeat(content, 0))).toEqual({
          exitCode: 2,
          output: "cannot reach the worker: the file is not a heartbeat",
          error: "",
        });
      }
    }
  });

  it("does not read what may never end: a pipe, a device, a folder, or more than a heartbeat has", async () => {
    const tooLarge = await heartbeat(" ".repeat(65_536) + '{"status":"alive","ready":true}', 0);
    expect(await probe("live", "--file", tooLarge)).toEqual({
      exitCode: 2,
      output: "cannot reach the worker: the heartbeat file is larger than 64 KiB",
      error: "",
    });
    const pipe = await socketPath("pipe");
    execFileSync("mkfifo", [pipe]);
    for (const path of [tmpdir(), "/dev/zero", pipe]) {
      expect(await probe("live", "--file", path)).toEqual({
        exitCode: 2,
        output: "cannot reach the worker: the heartbeat file is not a regular file",
        error: "",
      });
    }
  });

  it("cannot tell by a file of tomorrow, but forgives a clock that is a little ahead", async () => {
    const tomorrow = await heartbeat('{"status":"alive","ready":true}', -86_400);
    expect(await probe("live", "--file", tomorrow)).toEqual({
      exitCode: 2,
      output: "cannot reach the worker: the heartbeat file is dated in the future",
      error: "",
    });
    expect(
      await probe("live", "--file", await heartbeat('{"status":"alive","ready":true}', -3)),
    ).toEqual({ exitCode: 0, output: "alive (heartbeat 0 s ago)", error: "" });
  });
});
