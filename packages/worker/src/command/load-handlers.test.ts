import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CommandError } from "../console/command-error.js";
import { callStarted, loadHandlers } from "./load-handlers.js";

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), "handlers-"))));
afterAll(() => rm(folder, { recursive: true, force: true }));

async function moduleOf(name: string, source: string): Promise<string> {
  const path = join(folder, `${name}.mjs`);
  await writeFile(path, source);
  return path;
}

describe("a module of handlers", () => {
  it("exports handlers, and a function to call once the worker runs", async () => {
    const module = await loadHandlers(
      await moduleOf(
        "whole",
        `export const handlers = { A: async () => 1 }; export const started = (worker) => () => worker.stopped();`,
      ),
    );
    expect(Object.keys(module.handlers)).toEqual(["A"]);
    const calls: string[] = [];
    callStarted(module, { stopped: () => calls.push("stopped") } as never)?.();
    expect(calls).toEqual(["stopped"]);
  });

  it.each([
    ["empty", "", /empty\.mjs must export `handlers`: an object of async functions/],
    ["no-functions", "export const handlers = { A: 1 };", /must export `handlers`/],
    [
      "no-call",
      "export const handlers = {}; export const started = 1;",
      /exports `started`, which must be a function/,
    ],
    [
      "throwing",
      `throw new Error("PORT must be a number.");`,
      /throwing\.mjs could not be loaded: PORT must be a number\./,
    ],
  ])("that is %s is refused with what to do", async (name, source, message) => {
    await expect(loadHandlers(await moduleOf(name, source))).rejects.toThrow(message);
    await expect(loadHandlers(join(folder, `${name}.mjs`))).rejects.toBeInstanceOf(CommandError);
  });

  it("that does not exist is rejected", async () => {
    await expect(loadHandlers(join(folder, "nowhere.mjs"))).rejects.toThrow(
      /nowhere\.mjs could not be loaded: (Cannot find module|Failed to load)/,
    );
  });

  it("that is a pipe is rejected without reading it", async () => {
    const pipe = join(folder, "pipe.mjs");
    execFileSync("mkfifo", [pipe]);
    for (const path of ["/dev/zero", pipe, folder]) {
      await expect(loadHandlers(path)).rejects.toThrow(
        new CommandError(
          `The handlers module ${path} could not be loaded: it is not a regular file.`,
        ),
      );
    }
  });

  it("whose `started` throws ends the start with what it threw", () => {
    const started = (): never => {
      throw new Error("The queue has no owner.");
    };
    expect(() => callStarted({ handlers: {}, started }, {} as never)).toThrow(
      new CommandError("`started` of the handlers module failed: The queue has no owner."),
    );
  });
});
