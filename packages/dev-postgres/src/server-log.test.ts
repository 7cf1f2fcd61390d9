import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readLogTail } from "./server-log.js";

it("reads the end of a log of any length, and nothing if there is none", async () => {
  const folder = await mkdtemp(join(tmpdir(), "log-"));
  const file = join(folder, "log");
  expect(await readLogTail(file)).toBe("");
  await writeFile(file, "short\n");
  expect(await readLogTail(file)).toBe("short");
  await writeFile(file, `${"x".repeat(10_000)}\nthe end\n`);
  expect(await readLogTail(file)).toMatch(/^x{4087}\nthe end$/);
  await rm(folder, { recursive: true });
});

it.each(["é", "あ", "😀"])("begins with a whole character: %s", async (character) => {
  const folder = await mkdtemp(join(tmpdir(), "log-"));
  const file = join(folder, "log");
  for (const ending of ["", "x", "xx", "xxx"]) {
    await writeFile(file, `${character.repeat(4_000)}${ending}`);
    expect(await readLogTail(file)).toMatch(new RegExp(`^(?:${character}){1000,}${ending}$`));
  }
  await rm(folder, { recursive: true });
});
