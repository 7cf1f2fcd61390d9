import { describe, expect, it } from "vitest";
import { checkTemplateFiles, type CheckTemplateFilesOptions } from "./check-template-files.js";
import { createHandlers } from "./handlers.js";
import { fixtures, folderWith, templateText } from "./testing/templates.js";

async function check(
  files: Readonly<Record<string, string>>,
  options: Partial<CheckTemplateFilesOptions> = {},
): Promise<readonly string[]> {
  const { findings } = await checkTemplateFiles({
    patterns: ["**/*.yaml"],
    cwd: await folderWith(files),
    ...options,
  });
  return findings.map(
    ({ severity, code, file, line, column }) => `${file}:${line}:${column} ${severity} ${code}`,
  );
}

describe("checking template files", () => {
  it("finds nothing in good files, and counts them", async () => {
    expect(await checkTemplateFiles({ patterns: ["*.yaml", "*.yml"], cwd: fixtures })).toEqual({
      valid: true,
      file_count: 2,
      template_count: 3,
      error_count: 0,
      warning_count: 0,
      unmatched: [],
      findings: [],
    });
  });

  it("reports the place of everything that is wrong, in every file", async () => {
    const lines = [
      "steps:",
      "  - name: a",
      "    handler: { callable: h }",
      "    depends_on:",
      "      - missing",
      "    retry:",
      "      limit: -1",
      "  - name: a",
      "    handler: { callable: h }",
    ];
    expect(
      await check({
        "a.yaml": templateText(lines.join("\n")),
        "b.yaml": "name: [",
        "c.yaml": templateText("steps: []", { namespace: "Bad", name: "c", version: "v1" }),
      }),
    ).toEqual([
      "a.yaml:8:9 error unknown_dependency",
      "a.yaml:10:7 error retry_out_of_bounds",
      "a.yaml:11:5 error duplicate_step_name",
      expect.stringMatching(/^b\.yaml:1:\d+ error yaml_syntax$/),
      "c.yaml:2:1 error bad_namespace",
      "c.yaml:3:1 error bad_version",
      "c.yaml:4:1 error no_steps",
    ]);
  });

  it("reports one fault once", async () => {
    expect(
      await check({ "a.yaml": templateText("steps:\n  - handler: { callable: h }\n") }),
    ).toEqual(["a.yaml:5:5 error missing_step_name"]);
  });

  it("also validates what lacks a name", async () => {
    expect(
      await check({
        "a.yaml":
          "name: a\nnamespace_name: n\nversion: [1.0]\nsteps:\n  - { name: b, handler: { callable: h }, dependencies: [c] }\n",
      }),
    ).toEqual(["a.yaml:3:1 error not_a_template", "a.yaml:5:57 error unknown_dependency"]);
  });

  it("checks each environment, and reports only what is wrong in that one alone", async () => {
    const text = templateText(
      "steps:\n  - { name: a, handler: { callable: h }, timeout_seconds: 5 }\nenvironments:\n  test: {}\n  production:\n    steps: [{ name: a, timeout_seconds: 0 }]",
    );
    const { findings } = await checkTemplateFiles({
      patterns: ["*.yaml"],
      cwd: await folderWith({ "a.yaml": text }),
    });
    expect(findings).toMatchObject([
      {
        code: "timeout_out_of_bounds",
        line: 9,
        column: 24,
        path: "environments.production.steps[0].timeout_seconds",
        message: 'In the environment "production": timeout_seconds is 0.',
      },
    ]);
  });

  it("reports a fault of an override for every step once, at the override", async () => {
    const steps = ["a", "b", "c"]
      .map((name) => `  - { name: ${name}, handler: { callable: h } }`)
      .join("\n");
    expect(
      await check({
        "a.yaml": templateText(
          `steps:\n${steps}\nenvironments:\n  production:\n    steps:\n      - { name: ALL, timeout_seconds: -4 }`,
        ),
      }),
    ).toEqual(["a.yaml:11:22 error timeout_out_of_bounds"]);
  });

  it("repeats no secret of a file, in no message, hint or path", async () => {
    const token = "ghp_0123456789abcdefghijABCDEFGHIJ012345";
    const lines = [
      "metadata: { api_key: zq81opaque77 }",
      "steps:",
      `  - { name: a, handler: { callable: "postgres://u:hunter2hunter2@h/db", initialization: { ${token}: { x: 1, x: 2 } } } }`,
      "  - { name: sk_live_51Hf9aQ2Lk8Zr41LmTx, handler: { callable: h }, dependencies: [zq81opaque77] }",
      "  - { name: sk_live_51Hf9aQ2Lk8Zr41LmTx, handler: { callable: h } }",
    ];
    const { findings } = await checkTemplateFiles({
      patterns: ["*.yaml"],
      cwd: await folderWith({ "a.yaml": templateText(lines.join("\n")) }),
      handlers: createHandlers(["h"]),
    });
    expect(findings.map(({ code }) => code)).toEqual([
      "unknown_handler",
      "duplicate_key",
      "unknown_dependency",
      "duplicate_step_name",
    ]);
    expect(JSON.stringify(findings)).not.toMatch(/hunter2|ghp_|sk_live|zq81/);
    expect(findings[3]?.message).toBe('Another step is already named "***REDACTED***".');
    expect(findings[1]).toMatchObject({
      path: expect.stringMatching(/^steps\[0\]\.handler\.initialization/),
      message: 'The key "x" appears twice.',
    });
  });

  it.each([
    [
      "the value of a key that is given twice",
      "metadata: { api_key: other, api_key: zq81opaque77 }",
      ["duplicate_key"],
    ],
    [
      "what stands below such a key",
      "metadata: { credentials: { a: other, a: { b: zq81opaque77 } } }",
      ["duplicate_key"],
    ],
    ["a __proto__ key", "metadata: { __proto__: { api_key: zq81opaque77 } }", ["proto_key"]],
    [
      "a merge that the map itself overrules",
      "metadata: { <<: { api_key: zq81opaque77 }, api_key: other }",
      [],
    ],
    [
      "a number that is not kept exactly",
      "metadata: { api_key: 12345678901234567890 }",
      ["inexact_number"],
      "12345678901234567890",
    ],
    ["a document that is no mapping", "---\n- api_key: zq81opaque77", ["not_a_template"]],
    [
      "a document that cannot be used",
      "---\nx: !ruby/object {}\napi_key: zq81opaque77",
      ["yaml_tag"],
    ],
  ])(
    "repeats no secret that is only in %s",
    async (_where, lines, codes, secret = "zq81opaque77") => {
      const text = templateText(
        `steps: [{ name: a, handler: { callable: h }, dependencies: ["${secret}"] }]\n${lines}`,
      );
      const { findings } = await checkTemplateFiles({
        patterns: ["*.yaml"],
        cwd: await folderWith({ "a.yaml": text }),
      });
      expect(findings.map(({ code }) => code).sort()).toEqual(
        [...codes, "unknown_dependency"].sort(),
      );
      expect(JSON.stringify(findings)).not.toContain(secret);
    },
  );

  it("checks handlers and namespaces if it is given them", async () => {
    const files = {
      "a.yaml": templateText("steps:\n  - { name: a, handler: { callable: gone } }"),
    };
    expect(await check(files)).toEqual([]);
    expect(
      await check(files, { handlers: createHandlers(["h"]), supportedNamespaces: ["orders"] }),
    ).toEqual(["a.yaml:2:1 error unsupported_namespace", "a.yaml:5:27 error unknown_handler"]);
  });

  it("reports one identity in two files at the second, by path", async () => {
    const text = templateText("steps:\n  - { name: a, handler: { callable: h } }");
    expect(
      await check({ "a.yaml": text, "b.yaml": text, "c.yaml": `${text}lifecycle: {}\n` }),
    ).toEqual(["b.yaml:1:1 warning duplicate_template", "c.yaml:1:1 error duplicate_template"]);
  });

  it("counts no file if the patterns find none, and names those patterns", async () => {
    expect(await checkTemplateFiles({ patterns: ["*.toml"], cwd: fixtures })).toMatchObject({
      valid: true,
      file_count: 0,
      unmatched: ["*.toml"],
    });
    expect(
      await checkTemplateFiles({ patterns: ["*.toml", "*.yaml"], cwd: fixtures }),
    ).toMatchObject({ file_count: 1, unmatched: ["*.toml"] });
  });
});
