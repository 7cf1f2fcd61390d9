import { describe, expect, it } from "vitest";
import { isDatabaseUrl } from "./database-url.js";
import { resolveConfig } from "./load-config.js";
import { problemsOf } from "./testing/config-folder.js";

describe("isDatabaseUrl", () => {
  it.each([
    "postgres://localhost",
    "postgresql://u:p%40x@h:5432/db?sslmode=require",
    "postgres://u@/db?host=/var/run/postgresql",
    "postgres:///db?host=/var/run/postgresql",
    "postgres://[::1]:5432/db",
    "socket:/var/run/postgresql?db=orders",
    "/var/run/postgresql orders",
  ])("takes %s", (text) => {
    expect(isDatabaseUrl(text)).toBe(true);
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
  ])("refuses %j", (text) => {
    expect(isDatabaseUrl(text)).toBe(false);
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
