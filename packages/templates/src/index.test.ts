import { expect, it } from "vitest";
import * as templates from "./index.js";

it("exports these names", () => {
  expect(Object.keys(templates).sort()).toMatchInlineSnapshot(`
    [
      "ObservabilityError",
      "TemplateService",
      "cacheOperationResultSchema",
      "cacheStatsSchema",
      "checkTemplateFiles",
      "createHandlers",
      "createPostgresSource",
      "createTemplateOperations",
      "createTemplateService",
      "createWorkerContext",
      "createYamlFolderSource",
      "findMissingHandlers",
      "findingCodes",
      "findingSchema",
      "formatReport",
      "handlerMetadataSchema",
      "isNamespace",
      "parseHandlerList",
      "taskTemplateSchema",
      "templateDetailSchema",
      "templateIdentitySchema",
      "templateListSchema",
      "templateSummarySchema",
      "templateValidationSchema",
    ]
  `);
});
