import { describe, expect, it } from "vitest";
import { checkTemplateFiles } from "./check-template-files.js";
import { createHandlers } from "./handlers.js";
import { findMissingHandlers } from "./missing-handlers.js";
import { createPostgresSource } from "./sources/postgres-source.js";
import { createYamlFolderSource } from "./sources/yaml-folder-source.js";
import { createTemplateService } from "./template-service.js";
import { sourceOf } from "./testing/templates.js";

/** As callers without types call. */
const makers: Readonly<Record<string, (options: never) => unknown>> = {
  createTemplateService,
  createYamlFolderSource,
  createPostgresSource,
  createHandlers,
};
const make = (maker: string, options: unknown) => (): unknown => makers[maker]?.(options as never);
const source = sourceOf();

describe("wrong options", () => {
  it.each<[maker: string, options: unknown, problems: readonly RegExp[]]>([
    [
      "createTemplateService",
      {},
      [/source must be a TemplateSource, but is missing\. createYamlFolderSource/],
    ],
    [
      "createTemplateService",
      undefined,
      [/createTemplateService takes an object with the options source, /],
    ],
    [
      "createTemplateService",
      { source: { find: 1 }, context: {}, handlers: ["a"] },
      [/source must/, /context must/, /handlers must/],
    ],
    [
      "createTemplateService",
      { source, cacheTtlSecond: 1, ["__proto__"]: 1, other: 2 },
      [
        /Unknown option "cacheTtlSecond" of createTemplateService\. Did you mean "cacheTtlSeconds"\?/,
        /Unknown option "other" of createTemplateService\. It takes source, context, /,
      ],
    ],
    [
      "createYamlFolderSource",
      {},
      [/patterns must be a glob .* or an array of them, .* but is missing\./],
    ],
    [
      "createYamlFolderSource",
      "*.yaml",
      [/createYamlFolderSource takes an object with the options patterns, /],
    ],
    [
      "createYamlFolderSource",
      { patterns: 3, cwd: 1, logger: {}, clock: {}, limits: { maxByte: 1 } },
      [
        /patterns must/,
        /cwd must/,
        /logger must/,
        /Unknown option "maxByte" of limits\. Did you mean "maxBytes"\?/,
        /clock must/,
      ],
    ],
    [
      "createYamlFolderSource",
      { patterns: ["*.yaml", ""], limits: 3, pattern: "" },
      [
        /"pattern" of createYamlFolderSource\. Did you mean "patterns"\?/,
        /patterns must/,
        /limits takes an object with the options maxBytes, maxDepth, not a number\./,
      ],
    ],
    ...[
      " ",
      "\t",
      "a\0b",
      ["*.yaml", " "],
      ["*.yaml", "b\0"],
      "!a.yaml",
      ["!a.yaml", "!b.yaml"],
    ].map((patterns): [string, unknown, RegExp[]] => [
      "createYamlFolderSource",
      { patterns },
      [
        /patterns must .* blank or with a NUL character, .* not begin with !, not an? (?:string|array)\./,
      ],
    ]),
    ["createPostgresSource", {}, [/client must be a Pool or Client of pg/]],
    [
      "createPostgresSource",
      null,
      [/createPostgresSource takes an object with the options client, /],
    ],
    [
      "createPostgresSource",
      { client: {}, schema: "", clock: {}, shema: "" },
      [
        /"shema" of createPostgresSource\. Did you mean "schema"\?/,
        /client must/,
        /schema must/,
        /clock must/,
      ],
    ],
    ["createHandlers", "Charge", [/takes a list of names/]],
    ["createHandlers", [3], [/takes a list of names/]],
    ["createHandlers", undefined, [/takes a list of names/]],
  ])("of %s are rejected, all at once: %j", (maker, options, problems) => {
    expect(make(maker, options)).toThrow(
      expect.objectContaining({ name: "ObservabilityError", code: "INVALID_PARAMS" }),
    );
    for (const problem of problems) expect(make(maker, options)).toThrow(problem);
  });

  it.each([
    [{}, /patterns must/],
    [{ patterns: "*.yaml" }, /patterns must be .* an array of them.*, not a string\./],
    [{ patterns: ["!a"] }, /patterns must/],
    [
      { patterns: ["a"], supportedNamespaces: ["Bad Name"], handler: 1 },
      /"handler" of checkTemplateFiles\. Did you mean "handlers"\?.*supportedNamespaces\[0\] must/,
    ],
  ])("of checkTemplateFiles are rejected: %j", async (options, problem) => {
    await expect(checkTemplateFiles(options as never)).rejects.toMatchObject({
      code: "INVALID_PARAMS",
      message: expect.stringMatching(problem),
    });
  });

  it.each([
    [undefined, /findMissingHandlers takes an object with the options source, /],
    [{}, /source must .*handlers must .*environment must .*namespaces must .*signal must/],
    [
      {
        source,
        handlers: createHandlers([]),
        environment: "test",
        namespaces: ["payments"],
        only: [3],
      },
      /^only must .*signal must be an AbortSignal, but is missing\.$/,
    ],
  ])("of findMissingHandlers are rejected: %j", async (options, problem) => {
    await expect(findMissingHandlers(options as never)).rejects.toMatchObject({
      code: "INVALID_PARAMS",
      message: expect.stringMatching(problem),
    });
  });

  it("of the service are all named at construction", () => {
    const options = {
      source: sourceOf(),
      cacheMaxEntries: 0,
      cacheTtlSeconds: -1,
      sourceTimeoutMs: Number.NaN,
    };
    expect(() => createTemplateService(options)).toThrow(
      expect.objectContaining({
        code: "INVALID_PARAMS",
        message: [
          "cacheMaxEntries must be a whole number from 1 to 1000000, not 0.",
          "cacheTtlSeconds must be a number from 0.001 to 31536000, not -1.",
          "sourceTimeoutMs must be a whole number from 1 to 2147483647, not NaN.",
        ].join(" "),
      }),
    );
  });

  it("of the folder source are all named at construction", () => {
    const options = {
      patterns: [],
      watchIntervalMs: 0,
      limits: { maxBytes: 1.5, maxDepth: 1_000 },
    };
    expect(() => createYamlFolderSource(options)).toThrow(
      expect.objectContaining({
        code: "INVALID_PARAMS",
        message: expect.stringMatching(
          /^patterns must .*watchIntervalMs must .*limits\.maxBytes must .*limits\.maxDepth must /,
        ),
      }),
    );
  });

  it("are empty at the ends of the ranges", () => {
    expect(() =>
      createTemplateService({
        source: sourceOf(),
        cacheMaxEntries: 1,
        cacheTtlSeconds: 0.001,
        sourceTimeoutMs: 1,
      }),
    ).not.toThrow();
    expect(() =>
      createYamlFolderSource({
        patterns: ["*.yaml", "!a.yaml"],
        watchIntervalMs: 100,
        limits: { maxBytes: 1, maxDepth: 256 },
      }),
    ).not.toThrow();
  });
});
