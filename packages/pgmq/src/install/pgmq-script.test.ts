import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { pathToFileURL } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { readPgmqScript } from "./pgmq-script.js";

/** A tar archive is blocks of 512 bytes: a header with name and octal size, then the member's own bytes. */
function memberOfTar(tar: Buffer, name: string): string | null {
  const field = (at: number, length: number): string =>
    tar.toString("latin1", at, at + length).split("\0")[0]!;
  for (let at = 0; at < tar.length && tar[at] !== 0;) {
    const size = parseInt(field(at + 124, 12), 8);
    if (field(at, 100) === name) return tar.toString("utf8", at + 512, at + 512 + size);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return null;
}

it("is the file of the pinned package, byte for byte", async () => {
  const archive = join(
    dirname(createRequire(import.meta.url).resolve("@electric-sql/pglite-pgmq")),
    "pgmq.tar.gz",
  );
  const original = memberOfTar(
    gunzipSync(await readFile(archive)),
    "share/postgresql/extension/pgmq--1.11.1.sql",
  );
  expect(original).toContain("CREATE FUNCTION pgmq.");
  expect((await readPgmqScript()) === original).toBe(true);
});

describe("a bundle or an image without the sql folder", () => {
  const what =
    /^This database has no PGMQ, and the script that installs it is missing: .*sql folder.*--external/;

  it("says what is missing, whether the module knows its place or not, and blames no database", async () => {
    const folder = await mkdtemp(join(tmpdir(), "bundle-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const beside = pathToFileURL(join(folder, "app.cjs")).href;
    await expect(readPgmqScript(beside)).rejects.toMatchObject({
      name: "PgmqInstallError",
      message: expect.stringMatching(what),
    });
    await mkdir(join(folder, "sql"));
    await writeFile(join(folder, "package.json"), '{ "name": "@tasker-observability/pgmq" }');
    await expect(readPgmqScript(beside)).rejects.toThrow(what);
    await expect(readPgmqScript("")).rejects.toThrow(what);
    await writeFile(join(folder, "package.json"), "no JSON");
    await expect(readPgmqScript(beside)).rejects.toThrow(what);
  });
});
