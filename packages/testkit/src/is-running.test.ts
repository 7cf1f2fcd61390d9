import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, it } from "vitest";
import { isRunning } from "./is-running.js";
import { waitFor } from "./wait-for.js";

it("distinguishes a running process from an ended one", async () => {
  const child = spawn("sleep", ["100"]);
  await once(child, "spawn");
  expect(isRunning(child.pid!)).toBe(true);
  child.kill();
  await once(child, "exit");
  expect(isRunning(child.pid!)).toBe(false);
});

it.runIf(process.platform === "linux")("takes a zombie for ended", async () => {
  // The shell becomes a program that asks after no child.
  const parent = spawn("/bin/sh", ["-c", "sleep 0.3 & echo $!; exec sleep 100"]);
  const [chunk] = (await once(parent.stdout, "data")) as [Buffer];
  await waitFor(() => !isRunning(Number(String(chunk))), { what: "the end of the child" });
  expect(() => process.kill(Number(String(chunk)), 0)).not.toThrow();
  parent.kill();
});
