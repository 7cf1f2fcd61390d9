import { describe, expect, it } from "vitest";
import { isRunning } from "./is-running.js";
import { killGroup, spawnNode } from "./spawn-node.js";
import { waitFor } from "./wait-for.js";

const withChild = `
  const child = require("node:child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  console.log("child", child.pid);
`;

describe("spawnNode", () => {
  it("collects both outputs by lines, and tells how the process ended", async () => {
    const child = spawnNode([
      "-e",
      `console.log("out"); console.error("err"); process.exitCode = 3`,
    ]);
    expect(await child.exited).toEqual({ code: 3, signal: null });
    expect([child.stdout.lines, child.stderr.lines]).toEqual([["out"], ["err"]]);
  });

  it("gives the child the environment, the folder and the input that it is given", async () => {
    const child = spawnNode(
      [
        "-e",
        `process.stdin.once("data", (text) => { console.log(process.env.COLOR, process.cwd(), String(text)); process.exit() })`,
      ],
      { env: { COLOR: "red" }, cwd: "/" },
    );
    child.write("hello");
    expect(await child.waitForLine(/red/)).toBe("red / hello");
    await child.exited;
  });

  it("signals the process, and the signal is seen in its end", async () => {
    const child = spawnNode(["-e", `setInterval(() => {}, 1000); console.log("up")`]);
    await child.waitForLine(/up/);
    child.kill("SIGKILL");
    expect(await child.exited).toEqual({ code: null, signal: "SIGKILL" });
  });

  it("reads everything once it reads again", async () => {
    const child = spawnNode([
      "-e",
      `process.stderr.write("up\\n", () => process.stdout.write("x".repeat(1_000_000) + "\\n"))`,
    ]);
    await child.waitForLine(/up/);
    child.pauseReading();
    child.resumeReading();
    expect(await child.exited).toEqual({ code: 0, signal: null });
    expect(child.stdout.text()).toHaveLength(1_000_001);
  });

  it("leaves the process without a reader on request", async () => {
    const child = spawnNode([
      "-e",
      `process.stdin.once("data", () => process.stdout.on("error", ({ code }) => process.exit(code === "EPIPE" ? 3 : 4)).write("anybody?")); process.stderr.write("up\\n")`,
    ]);
    await child.waitForLine(/up/);
    child.closeOutputs();
    child.write("go on");
    expect(await child.exited).toEqual({ code: 3, signal: null });
  });

  it("kills what the process started together with it", async () => {
    const parent = spawnNode(["-e", withChild]);
    const pid = Number((await parent.waitForLine(/child/)).split(" ")[1]);
    expect(killGroup(parent, "SIGKILL")).toBe(true);
    await parent.exited;
    await waitFor(() => !isRunning(pid), { what: "the end of the grandchild" });
  });

  describe("at the end of a test", () => {
    let pids: number[] = [];

    it("(a test that leaves a process with a child behind)", async () => {
      const parent = spawnNode(["-e", withChild]);
      pids = [parent.pid, Number((await parent.waitForLine(/child/)).split(" ")[1])];
      expect(pids.map(isRunning)).toEqual([true, true]);
    });

    it("kills the group", async () => {
      await waitFor(() => !pids.some(isRunning), { what: "the end of both processes" });
    });
  });
});
