import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { formatPath } from "@tasker-observability/redact";
import { parse } from "smol-toml";
import { describe, expect, it } from "vitest";
import { configValues } from "./config-values.js";
import { loadConfig } from "./load-config.js";
import { configFolder } from "./testing/config-folder.js";
import { eachLeaf, valueAt } from "./tree.js";

/** The configuration that the project comes with, and the folder of a real one that CI names. */
const folders = [
  fileURLToPath(new URL("../../../config/tasker", import.meta.url)),
  ...(process.env.CONFIG_FIXTURES === undefined ? [] : [process.env.CONFIG_FIXTURES]),
];

/** What the files of an environment write, by path, as the TOML library reads them: a later file's value in place of an earlier one's. */
function writtenIn(folder: string, environment: string): ReadonlyMap<string, unknown> {
  const files = [join(folder, "base"), join(folder, "environments", environment)].flatMap(
    tomlFilesOf,
  );
  const written = new Map<string, unknown>();
  for (const file of files) {
    const tree = parse(readFileSync(file, "utf8"));
    eachLeaf(tree, (path) => {
      // A list is replaced whole, so that it is one value.
      const firstIndex = path.findIndex((segment) => typeof segment === "number");
      const whole = firstIndex === -1 ? path : path.slice(0, firstIndex);
      written.set(formatPath(whole), valueAt(tree, whole));
    });
  }
  return written;
}

function tomlFilesOf(folder: string): string[] {
  try {
    return readdirSync(folder).map((file) => join(folder, file));
  } catch {
    return [];
  }
}

function environmentsOf(folder: string): string[] {
  return readdirSync(folder).includes("environments")
    ? readdirSync(join(folder, "environments"))
    : ["development"];
}

function expectEveryKey(folder: string, environment: string): void {
  const config = loadConfig({ root: folder, environment, env: {} });
  const shown = new Map(configValues(config).map(({ path, value }) => [path, value]));
  const written = writtenIn(folder, environment);
  expect(written.size).toBeGreaterThan(3);
  for (const [path, value] of written) {
    expect(
      [...shown.keys()].some((key) => key === path || key.startsWith(`${path}[`)),
      `${path} is shown`,
    ).toBe(true);
    // A text may contain a variable or a secret.
    if (typeof value === "number") expect([path, shown.get(path)]).toEqual([path, value]);
  }
}

describe.each(folders)("the configuration of %s", (folder) => {
  it.each(environmentsOf(folder))(
    "is shown with every key that its files for %s write",
    (environment) => {
      expectEveryKey(folder, environment);
    },
  );
});

it("an environment's file adds its keys to those of the base files", () => {
  const folder = configFolder({
    "base/common.toml": "[common.custom]\na = 1\nlist = [1, 2]\nb = { c = 1 }",
    "environments/production/worker.toml":
      "[worker.custom]\nd = 2\n[worker.web]\nrequest_timeout_ms = 5",
  });
  expectEveryKey(folder, "production");
  expect([...writtenIn(folder, "production").keys()]).toEqual([
    "common.custom.a",
    "common.custom.list",
    "common.custom.b.c",
    "worker.custom.d",
    "worker.web.request_timeout_ms",
  ]);
});
