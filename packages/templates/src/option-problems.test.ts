import { describe, expect, it } from "vitest";
import { createYamlFolderSource } from "./sources/yaml-folder-source.js";
import { createTemplateService } from "./template-service.js";
import { sourceOf } from "./test-support/templates.js";

describe("wrong options", () => {
  it("of the service are all named at construction", () => {
    const options = { source: sourceOf(), cacheMaxEntries: 0, cacheTtlSeconds: -1, sourceTimeoutMs: Number.NaN };
    expect(() => createTemplateService(options)).toThrow(
      expect.objectContaining({
        code: "INVALID_PARAMS",
        message: [
          "cacheMaxEntries must be a whole number from 1 to 1000000.",
          "cacheTtlSeconds must be a number from 0.001 to 31536000.",
          "sourceTimeoutMs must be a whole number from 1 to 2147483647.",
        ].join(" "),
      }),
    );
  });

  it("of the folder source are all named at construction", () => {
    const options = { patterns: [], watchIntervalMs: 0, limits: { maxBytes: 1.5, maxDepth: 1_000 } };
    expect(() => createYamlFolderSource(options)).toThrow(
      expect.objectContaining({ code: "INVALID_PARAMS", message: expect.stringMatching(/^patterns must .*watchIntervalMs must .*limits\.maxBytes must .*limits\.maxDepth must /) }),
    );
  });

  it("are none at the ends of the ranges", () => {
    expect(() => createTemplateService({ source: sourceOf(), cacheMaxEntries: 1, cacheTtlSeconds: 0.001, sourceTimeoutMs: 1 })).not.toThrow();
    expect(() => createYamlFolderSource({ patterns: "*.yaml", watchIntervalMs: 100, limits: { maxBytes: 1, maxDepth: 256 } })).not.toThrow();
  });
});
