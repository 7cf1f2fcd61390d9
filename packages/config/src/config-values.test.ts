import { expect, it } from "vitest";
import { configValues } from "./config-values.js";
import { resolveConfig } from "./load-config.js";

it("lists every value with its origin, secrets masked, sorted by path", () => {
  const config = resolveConfig(
    {
      common: { database: { url: "${DATABASE_URL}" } },
      worker: { list: [], labels: { [`ghp_${"a1B2c3D4e5".repeat(4)}`]: 1 } },
    },
    { env: { DATABASE_URL: "postgres://u:hunter2hunter2@h/db" } },
  );
  const values = configValues(config);
  expect(values.map(({ path }) => path)).toEqual(values.map(({ path }) => path).sort());
  expect(values).toContainEqual({
    path: "common.database.url",
    value: "postgres://***REDACTED***@h/db",
    origin: { source: "variable", file: "(given)", variables: ["DATABASE_URL"] },
  });
  expect(values).toContainEqual({
    path: "worker.list",
    value: [],
    origin: { source: "file", file: "(given)", variables: [] },
  });
  expect(values).toContainEqual(
    expect.objectContaining({
      path: "worker.web.enabled",
      value: true,
      origin: { source: "default", file: null, variables: [] },
    }),
  );
  expect(values).toContainEqual(
    expect.objectContaining({ path: 'worker.labels["***REDACTED***"]', value: 1 }),
  );
  expect(JSON.stringify(values)).not.toMatch(/hunter2|ghp_/);
});
