import { expect, it } from "vitest";
import { configValues } from "./config-values.js";
import { resolveConfig } from "./load-config.js";

it.each([
  "ALTER ROLE app PASSWORD 'zq7f3a91c05be2d8417a'",
  "mysql -uroot -pzq7f3a91c05be2d8417a orders",
  ["curl", "-u", "app:zq7f3a91c05be2d8417a"],
  { name: "DB_PASSWORD", value: "zq7f3a91c05be2d8417a" },
  { kty: "oct", k: "zq7f3a91c05be2d8417a" },
  { basic_auth: "zq7f3a91c05be2d8417a" },
  { contraseña: "zq7f3a91c05be2d8417a" },
  "https://h/k?X-Goog-Signature=zq7f3a91c05be2d8417a",
])("shows nothing of the secret in %j", (custom) => {
  const values = configValues(resolveConfig({ worker: { custom } }, { env: {} }));
  expect(JSON.stringify(values)).toContain("***REDACTED***");
  expect(JSON.stringify(values)).not.toContain("zq7f3a91c05be2d8417a");
});

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
