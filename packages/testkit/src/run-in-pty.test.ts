import { describe, expect, it } from "vitest";
import { runInPty } from "./run-in-pty.js";

const node = (program: string) => runInPty(process.execPath, ["-e", program]);
const longRunning = `setInterval(() => {}, 1000); console.log("up");`;

describe("runInPty", () => {
  it("runs a command on a terminal", async () => {
    const process = node("console.log(`terminal: ${process.stdout.isTTY} ${process.stdin.isTTY}`)");
    expect(await process.waitForLine(/terminal/)).toBe("terminal: true true");
    expect((await process.exited).code).toBe(0);
  });

  it("interrupts a command by Ctrl-C", async () => {
    const process = node(
      `process.on("SIGINT", () => { console.log("interrupted"); process.exit(4) }); ${longRunning}`,
    );
    await process.waitForLine(/up/);
    process.ctrlC();
    expect(await process.exited).toMatchObject({ code: 4 });
    expect(process.output.text()).toContain("interrupted");
  });

  it("interrupts the whole foreground group, as a terminal does", async () => {
    const process = runInPty(
      "/bin/sh",
      [
        "-c",
        `trap 'echo shell too' INT; "$NODE" -e 'process.on("SIGINT", () => process.exit(5)); ${longRunning}'; echo "code $?"`,
      ],
      {
        env: { NODE: globalThis.process.execPath },
      },
    );
    await process.waitForLine(/up/);
    process.ctrlC();
    await process.exited;
    expect(process.output.text()).toMatch(/shell too\r\ncode 5/);
  });

  it("ends a command that does nothing about Ctrl-C", async () => {
    const process = node(longRunning);
    await process.waitForLine(/up/);
    process.ctrlC();
    expect(await process.exited).toMatchObject({ signal: 2 });
  });

  it("hangs up", async () => {
    const process = node(longRunning);
    await process.waitForLine(/up/);
    process.hangUp();
    expect(await process.exited).toMatchObject({ signal: 1 });
  });
});
