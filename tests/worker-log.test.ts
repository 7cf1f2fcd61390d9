import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runInPty, spawnNode, useTemporaryFolder } from "@tasker-observability/testkit";
import { describe, expect, it } from "vitest";

const command = fileURLToPath(new URL("../packages/worker/bin/tasker-worker.js", import.meta.url));

/** No machine has this address: the worker logs its warnings, then says so and exits 1. */
const variables = {
  PATH: process.env.PATH,
  DATABASE_URL: "postgres://127.0.0.1:1/none",
  TASKER_WEB_BIND_ADDRESS: "192.0.2.1:9123",
};
const [yellow, end] = ["\u001b[33m", "\u001b[39m"];
const warning = /config\/tasker does not exist: the defaults apply/;
const reason = /^Cannot listen on 192\.0\.2\.1:9123/;

const folder = useTemporaryFolder();

/** What a worker writes to a pipe as its standard error. */
async function run(env: NodeJS.ProcessEnv, ...args: string[]): Promise<readonly string[]> {
  const worker = spawnNode([command, ...args], { cwd: folder(), env: { ...variables, ...env } });
  expect(await worker.exited).toEqual({ code: 1, signal: null });
  return worker.stderr.lines;
}

/** What a worker shows on a real terminal. */
async function runOnTerminal(env: NodeJS.ProcessEnv): Promise<readonly string[]> {
  const worker = runInPty(process.execPath, [command], {
    cwd: folder(),
    env: { ...variables, TERM: "xterm-256color", ...env },
  });
  expect(await worker.exited).toMatchObject({ code: 1 });
  return worker.output.lines;
}

describe("the log of tasker-worker", () => {
  it("is JSON lines if standard error is not a terminal", async () => {
    const lines = await run({});
    expect(lines.at(-1)).toMatch(reason);
    expect(lines.slice(0, -1).map((line) => JSON.parse(line) as unknown)).toContainEqual({
      time: expect.stringMatching(/Z$/),
      level: "warn",
      message: expect.stringMatching(warning),
    });
  });

  it("is short lines in color on a terminal", async () => {
    expect(await runOnTerminal({})).toContainEqual(
      expect.stringContaining(`${yellow}warn ${end} config/tasker does not exist`),
    );
  });

  it("has no colors if NO_COLOR is set", async () => {
    const lines = await runOnTerminal({ NO_COLOR: "1" });
    expect(lines).toContainEqual(
      expect.stringMatching(/^\d\d:\d\d:\d\d warn {2}config\/tasker does not exist/),
    );
    expect(lines.join("\n")).not.toContain(yellow);
  });

  it("starts at the level of --log-level, else of worker.log.level, else of TASKER_LOG_LEVEL", async () => {
    expect(await run({ TASKER_LOG_LEVEL: "error" })).toEqual([expect.stringMatching(reason)]);
    const flagWins = await run({ TASKER_LOG_LEVEL: "error" }, "--log-level", "warn");
    expect(flagWins).toContainEqual(expect.stringMatching(warning));
    await writeFile(join(folder(), "worker.toml"), '[worker.log]\nlevel = "error"\n');
    const file = { TASKER_CONFIG_PATH: "worker.toml", TASKER_LOG_LEVEL: "debug" };
    expect(await run(file)).toEqual([expect.stringMatching(reason)]);
  });

  it("is in the format of worker.log.format", async () => {
    await writeFile(join(folder(), "worker.toml"), '[worker.log]\nformat = "text"\n');
    const lines = await run({ TASKER_CONFIG_PATH: "worker.toml" });
    expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d warn {2}\S/);
  });

  it("has levels that are checked", async () => {
    expect(await run({ TASKER_LOG_LEVEL: "loud" })).toEqual([
      "The configuration has a problem:",
      '  - worker.log.level (${TASKER_LOG_LEVEL}): must be "debug", "info", "warn" or "error"',
    ]);
  });
});
