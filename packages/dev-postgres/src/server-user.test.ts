import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { chooseServerUser, prepareKeptFolder } from "./server-user.js";

const asRoot = process.geteuid?.() === 0;
let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "user-"))));
afterEach(() => rm(folder, { recursive: true }));

async function passwd(...lines: string[]): Promise<string> {
  const file = join(folder, "passwd");
  await writeFile(file, lines.map((line) => `${line}\n`).join(""));
  return file;
}

const root = "root:x:0:0:root:/root:/bin/bash";
const nobody = "nobody:*:-2:-2:Unprivileged:/var/empty:/usr/bin/false";
const postgres = "postgres:x:101:104::/var/lib/postgresql:/bin/bash";

describe.runIf(asRoot)("as root, chooseServerUser", () => {
  it("prefers the user postgres", async () => {
    expect(await chooseServerUser(await passwd(root, nobody, postgres))).toEqual({
      uid: 101,
      gid: 104,
    });
  });

  it("accepts nobody else", async () => {
    expect(await chooseServerUser(await passwd(root, "# a comment", nobody))).toEqual({
      uid: -2,
      gid: -2,
    });
  });

  it("says so if there is neither", async () => {
    await expect(chooseServerUser(await passwd(root))).rejects.toThrow(
      "neither a user postgres nor a user nobody",
    );
    await expect(chooseServerUser(join(folder, "missing"))).rejects.toThrow(
      "run as an ordinary user, or use your own PostgreSQL server",
    );
  });
});

describe.runIf(asRoot)("as root, prepareKeptFolder", () => {
  const user = { uid: 101, gid: 104 };

  it("makes a new folder, closed to others, and hands it over", async () => {
    const path = join(folder, "a", "b");
    expect(await prepareKeptFolder(path, user)).toEqual(user);
    expect(await stat(path)).toMatchObject({ uid: 101, gid: 104 });
    expect((await stat(path)).mode & 0o777).toBe(0o700);
  });

  it("keeps to the owner of the folder that is there", async () => {
    await prepareKeptFolder(folder, { uid: 65_534, gid: 65_534 });
    expect(await prepareKeptFolder(folder, user)).toEqual({ uid: 65_534, gid: 65_534 });
  });

  it("takes no folder of root's that contains something", async () => {
    await writeFile(join(folder, "precious"), "");
    await expect(prepareKeptFolder(folder, user)).rejects.toThrow(
      `${folder} belongs to root and is not empty`,
    );
    expect(await stat(folder)).toMatchObject({ uid: 0 });
  });
});

describe.runIf(!asRoot)("as an ordinary user, chooseServerUser", () => {
  it("lets the server run as we do", async () => {
    expect(await chooseServerUser()).toBeNull();
  });
});
