import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createTestDatabase, waitFor } from "@tasker-observability/testkit";
import { expect, it } from "vitest";
import { npmStart, root } from "./npm-process.js";

it("npm start says what to open, how to send a step, and what to read", async () => {
  const database = await createTestDatabase();
  const npm = npmStart({ DATABASE_URL: database.url, TASKER_SAMPLE_STEPS_PER_SECOND: "0" });
  await npm.waitForLine(/^ready$/, 30_000);
  const opened = (await npm.waitForLine(/^Open: /)).match(/http\S+/g) ?? [];
  const answers = await Promise.all(opened.map(async (url) => (await fetch(url)).status));
  expect(answers).toEqual([200, 200]);
  const send = (await npm.waitForLine(/^Send: /)).replace("Send:", "");
  execFileSync("/bin/sh", ["-c", send], {
    env: { PATH: process.env.PATH, DATABASE_URL: database.url },
  });
  const url = new URL(opened[0] ?? "").origin;
  const ran = async (): Promise<boolean> =>
    /of 1 steps?/.test(await (await fetch(`${url}/health/detailed`)).text());
  await waitFor(ran, { what: "the step" });
  const page = /\S+$/.exec(await npm.waitForLine(/^Read: /))?.[0] ?? "";
  expect(existsSync(join(root, page))).toBe(true);
  npm.kill();
  await npm.exited;
  await database.drop();
});
