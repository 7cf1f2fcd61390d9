import { describe, expect, it } from "vitest";
import { validateDatabaseUrl } from "./database-url.js";
import { resolveConfig } from "./load-config.js";
import { problemsOf } from "./testing/config-folder.js";

describe("validateDatabaseUrl", () => {
  it.each([
    "postgres://localhost",
    "postgresql://u:p%40x@h:5432/db?sslmode=require",
    "postgres://u@/db?host=/var/run/postgresql",
    "postgres:///db?host=/var/run/postgresql",
    "postgres://[::1]:5432/db",
    "postgres://u:p,w%2C@h/d,b?sslmode=verify-full&application_name=a,b",
    "postgres://h/db?port=6432&sslmode=no-verify",
    "socket:/var/run/postgresql?db=orders",
    "/var/run/postgresql orders",
  ])("takes %s", (text) => {
    expect(validateDatabaseUrl(text)).toBeNull();
  });

  it.each([
    "nonsense",
    "localhost:5432/db",
    "mysql://u:p@h/db",
    "https://h/db",
    "host=h user=u",
    "postgres:db",
    "postgres://u:p/w@h/db",
    "postgres://h:port/db",
    " ",
    "postgres://u:%E0%A4@h/db",
  ])("rejects %j", (text) => {
    expect(validateDatabaseUrl(text)).toMatch(/^must be a URL such as/);
  });
});

describe("validateDatabaseUrl on what the driver takes for something else", () => {
  it.each([
    "postgres://u:p@db1,db2/d?target_session_attrs=read-write",
    "postgres://u:p@db1:5432,db2:5432/d",
    "postgresql://db1,db2:5433/d",
    "postgres://u:p@/d?host=db1,db2",
    "postgres://u:p@db1/d?port=5432,5433",
  ])("says that %s names several hosts", (text) => {
    expect(validateDatabaseUrl(text)).toMatch(/^names several hosts/);
  });

  it.each([
    ["postgres://h/d?port=abc", "has a port that is not a number"],
    [
      "postgres://h/d?sslmode=verify_full",
      "has an unknown sslmode; use one of: disable, allow, prefer",
    ],
  ])("says what is wrong with %s", (text, problem) => {
    expect(validateDatabaseUrl(text)).toContain(problem);
  });
});

it.each(["url", "listen_url"])(
  "common.database.%s that is no such URL is a problem, and is not shown",
  (key) => {
    const load = () =>
      resolveConfig(
        { common: { database: { [key]: "mysql://svc:hunter2hunter2@h/db" } } },
        { env: {} },
      );
    const problems = problemsOf(load);
    expect(problems).toMatchObject([
      {
        path: `common.database.${key}`,
        message: expect.stringContaining("postgres://user:password@host:5432/database"),
      },
    ]);
    expect(JSON.stringify(problems)).not.toContain("hunter2");
  },
);
