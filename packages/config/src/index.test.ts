import { expect, it } from "vitest";
import * as config from "./index.js";

it("exports these names", () => {
  expect(Object.keys(config).sort()).toMatchInlineSnapshot(`
    [
      "ConfigError",
      "ConfigService",
      "ObservabilityError",
      "Secret",
      "configValues",
      "createConfigOperations",
      "createConfigService",
      "createWorkerContext",
      "environmentName",
      "formatBindAddress",
      "formatProblem",
      "isProduction",
      "loadConfig",
      "parseBindAddress",
      "renderConfigurationReference",
      "renderConfigurationSchema",
      "resolveConfig",
      "runtimeConfigSchema",
    ]
  `);
});
