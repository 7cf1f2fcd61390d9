import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTestDatabase, withClient, type TestDatabase } from "@tasker-observability/testkit";
import type pg from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { installPgmq } from "./install-pgmq.js";
import { readPgmqScript } from "./pgmq-script.js";

let database: TestDatabase;
beforeEach(async () => (database = await createTestDatabase()));
afterEach(() => database.drop());

const inDatabase = <T>(use: (client: pg.Client) => Promise<T>): Promise<T> =>
  withClient(database.url, use);

async function hasPgmq(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ yes: boolean }>(
    "select to_regnamespace('pgmq') is not null as yes",
  );
  return rows[0]!.yes;
}

describe("installPgmq", () => {
  it("installs from the script where the server offers no extension, and PGMQ works", async () => {
    const answer = await inDatabase(async (client) => {
      expect(await installPgmq(client)).toEqual({ installed: true, how: "script" });
      await client.query("select pgmq.create('orders')");
      await client.query(`select pgmq.send('orders', '{"n": 1}')`);
      return client.query("select message from pgmq.pop('orders')");
    });
    expect(answer.rows).toEqual([{ message: { n: 1 } }]);
  });

  it("installs where texts are read in the old way, as a role may be set to, and changes that for nobody", async () => {
    await inDatabase(async (client) => {
      await client.query("set standard_conforming_strings = off; set escape_string_warning = off");
      expect(await installPgmq(client)).toEqual({ installed: true, how: "script" });
      expect((await client.query("show standard_conforming_strings")).rows).toEqual([
        { standard_conforming_strings: "off" },
      ]);
    });
  });

  it("leaves alone what is there", async () => {
    await inDatabase(async (client) => {
      await installPgmq(client);
      await client.query("select pgmq.create('orders')");
      expect(await installPgmq(client)).toEqual({ installed: false, how: "present" });
      expect((await client.query("select * from pgmq.list_queues()")).rowCount).toBe(1);
    });
  });

  it("may be called by many workers at once", async () => {
    const installations = await Promise.all(
      Array.from({ length: 6 }, () => inDatabase(installPgmq)),
    );
    expect(installations.map(({ how }) => how).sort()).toEqual([
      ...Array<string>(5).fill("present"),
      "script",
    ]);
  });

  it("leaves nothing behind when it fails, and the connection usable", async () => {
    await inDatabase(async (client) => {
      await client.query("create schema pgmq; create type pgmq.message_record as (n int)");
      await expect(installPgmq(client)).rejects.toMatchObject({ code: "42710" });
      await client.query("drop type pgmq.message_record");
      expect(await installPgmq(client)).toEqual({ installed: true, how: "script" });
    });
  });

  it("passes on that the connection is lost", async () => {
    await inDatabase(async (client) => {
      client.on("error", () => undefined);
      await expect(client.query("select pg_terminate_backend(pg_backend_pid())")).rejects.toThrow();
      await expect(installPgmq(client)).rejects.toThrow(/Connection terminated|not queryable/);
    });
  });
});

describe("installPgmq for a role with few rights", () => {
  let role: string;
  beforeEach(async () => {
    role = `limited_${database.name}`;
    await inDatabase((client) => client.query(`create role "${role}" login password 'limited'`));
  });
  afterEach(() =>
    inDatabase((client) => client.query(`drop owned by "${role}"; drop role "${role}"`)),
  );

  const asRole = <T>(use: (client: pg.Client) => Promise<T>): Promise<T> => {
    const url = new URL(database.url);
    [url.username, url.password] = [role, "limited"];
    return withClient(url.href, use);
  };

  it("names the right that it lacks, and the statement that grants it", async () => {
    const grant = `GRANT CREATE ON DATABASE ${database.name} TO ${role}`;
    await asRole(async (client) => {
      await expect(installPgmq(client)).rejects.toThrow(`${grant};`);
      expect(await hasPgmq(client)).toBe(false);
    });
    await inDatabase((client) => client.query(grant));
    expect(await asRole(installPgmq)).toEqual({ installed: true, how: "script" });
    await asRole((client) => client.query("select pgmq.create('orders')"));
  });

  it("names the right on the schema too where that is there already, and empty", async () => {
    await inDatabase((client) => client.query("create schema pgmq"));
    const grants = `GRANT CREATE ON DATABASE ${database.name} TO ${role}; GRANT USAGE, CREATE ON SCHEMA pgmq TO ${role}`;
    await asRole((client) => expect(installPgmq(client)).rejects.toThrow(`${grants};`));
    await inDatabase((client) => client.query(grants));
    expect(await asRole(installPgmq)).toEqual({ installed: true, how: "script" });
  });

  it("needs no right where PGMQ is present", async () => {
    await inDatabase(installPgmq);
    expect(await asRole(installPgmq)).toEqual({ installed: false, how: "present" });
  });
});

describe("installPgmq on a server that offers the extension", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "extension-"));
    await mkdir(join(folder, "extension"));
    await writeFile(
      join(folder, "extension", "pgmq.control"),
      "default_version = '1.11.1'\nschema = 'pgmq'\nrelocatable = false\nsuperuser = false\n",
    );
    await writeFile(join(folder, "extension", "pgmq--1.11.1.sql"), await readPgmqScript());
    await chmod(folder, 0o755); // the server may be another user's
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("says that a superuser must create an extension that is for superusers", async () => {
    await inDatabase(async (client) => {
      await writeFile(
        join(folder, "extension", "pgmq.control"),
        "default_version = '1.11.1'\nschema = 'pgmq'\nrelocatable = false\nsuperuser = true\n",
      );
      await client.query(`set extension_control_path = '${folder}'; set role pg_monitor`);
      await expect(installPgmq(client)).rejects.toThrow(
        "A superuser can run: CREATE EXTENSION pgmq;",
      );
      await client.query("reset role; create extension pgmq");
    });
  });

  it("creates the extension", async () => {
    await inDatabase(async (client) => {
      await client.query(`set extension_control_path = '${folder}'`);
      expect(await installPgmq(client)).toEqual({ installed: true, how: "extension" });
      const { rows } = await client.query(
        "select extversion as version from pg_extension where extname = 'pgmq'",
      );
      expect(rows).toEqual([{ version: "1.11.1" }]);
      expect(await installPgmq(client)).toEqual({ installed: false, how: "present" });
    });
  });
});
