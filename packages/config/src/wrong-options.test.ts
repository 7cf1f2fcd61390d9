import { expect, it } from "vitest";
import { createConfigService } from "./config-service.js";
import { loadConfig, resolveConfig } from "./load-config.js";

/** As callers without types call. */
const factories: Readonly<Record<string, (options: never) => unknown>> = {
  loadConfig,
  resolveConfig: (options) => resolveConfig({}, options),
  createConfigService,
};

it.each<[name: string, options: unknown, problems: readonly RegExp[]]>([
  ["loadConfig", null, [/loadConfig takes an object with the options root, /]],
  ["loadConfig", { rot: "x", path: 5 }, [/rot.*root/, /path must be a string, not a number/]],
  [
    "loadConfig",
    { env: "hunter2", createWorkerId: "w" },
    [/env must be an object/, /createWorkerId must be a function/],
  ],
  ["resolveConfig", { path: "x.toml" }, [/Unknown option "path"/]],
  ["createConfigService", {}, [/config must be a LoadedConfig, but is missing/]],
  ["createConfigService", { config: {}, context: {} }, [/config must be/, /context must be/]],
])("%s rejects the options %j, with every problem", (name, options, problems) => {
  const call = (): unknown => factories[name]?.(options as never);
  for (const message of problems)
    expect(call).toThrow(
      expect.objectContaining({ code: "INVALID_PARAMS", message: expect.stringMatching(message) }),
    );
  expect(call).not.toThrow(/hunter2/);
});
