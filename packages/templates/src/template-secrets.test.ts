import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { createHandlers } from "./handlers.js";
import { createYamlFolderSource } from "./sources/yaml-folder-source.js";
import { serve } from "./testing/serve.js";
import {
  definitionOf,
  folderWith,
  refund,
  sourceOf,
  templateText,
  writeFileIn,
} from "./testing/templates.js";

const secrets = ["hunter2-hunter2", "key-0123456789", "test-key-9876543210", "swordfish-12"];

describe("getTemplate", () => {
  it("answers without secrets, schemas whole", async () => {
    const { service } = serve();
    const { template } = await service.getTemplate(refund);
    expect(JSON.stringify(template)).not.toMatch(new RegExp(secrets.join("|")));
    expect(template.template).toMatchObject({
      steps: [
        {
          handler: {
            initialization: {
              gateway_url: "https://***REDACTED***@gateway.example/v1",
              api_key: "***REDACTED***",
              limits: { daily: 1000, single: 20 },
            },
          },
        },
        {},
      ],
      environments: {
        test: { steps: [{}, { handler: { initialization: { api_key: "***REDACTED***" } } }] },
      },
    });
    expect(template.template.input_schema).toEqual({
      type: "object",
      required: ["order_id", "card_token"],
      properties: {
        order_id: { type: "integer", minimum: 1 },
        card_token: { type: "string", minLength: 10 },
      },
    });
  });

  it("shows no secret of the template that an override of its environment replaced", async () => {
    const steps =
      "steps: [{ name: s, handler: { callable: h, initialization: { api_key: zq81opaque77 } } }]";
    const overrides =
      "environments: { test: { steps: [{ name: s, handler: { initialization: { api_key: zq81replaced } } }] } }";
    const definition = definitionOf(
      templateText(`description: Pays with zq81opaque77\n${steps}\n${overrides}`),
    );
    const { template } = await serve({
      source: sourceOf({ find: async () => definition }),
    }).service.getTemplate(refund);
    expect(template.template.description).toBe("Pays with ***REDACTED***");
    expect(JSON.stringify(template)).not.toContain("zq81");
  });

  it("redacts once per load", async () => {
    const { service } = serve();
    const [first, second] = [await service.getTemplate(refund), await service.getTemplate(refund)];
    expect(second.template).toBe(first.template);
  });
});

describe("resolveTemplate", () => {
  it("gives the worker the real values, without a promise if they are cached", async () => {
    const { service } = serve();
    const loading = service.resolveTemplate(refund);
    expect(loading).toBeInstanceOf(Promise);
    const template = await loading;
    expect(template.steps[0]?.handler.initialization).toMatchObject({
      api_key: "test-key-9876543210",
      gateway_url: "https://refunds:hunter2-hunter2@gateway.example/v1",
    });
    expect(service.resolveTemplate(refund)).toBe(template);
  });

  it("cannot be reached through what the service shows of itself", async () => {
    const { service } = serve();
    await service.resolveTemplate(refund);
    await service.getTemplate(refund);
    const shown =
      inspect(service, { depth: Infinity, showHidden: true }) +
      JSON.stringify(service) +
      JSON.stringify(await service.cacheStats());
    expect(shown).not.toMatch(new RegExp(secrets.join("|")));
  });
});

describe("a name that looks like a secret", () => {
  it("is the same address in every answer, and masked in the template's own text", async () => {
    const name = `ghp_${"a1B2c3D4e5F6".repeat(3)}`;
    const identity = { ...refund, name };
    const cwd = await folderWith({
      "a.yaml": templateText("steps: [{ name: s, handler: { callable: Refund } }]").replace(
        "refund",
        name,
      ),
    });
    const { service } = serve({
      source: createYamlFolderSource({ patterns: "*.yaml", cwd }),
      handlers: createHandlers(["Refund"]),
    });
    const [detail, validation, list] = [
      await service.getTemplate(identity),
      await service.validateTemplate(identity),
      await service.listTemplates(),
    ];
    expect([
      detail.handler_metadata,
      validation,
      validation.handler_metadata,
      list.templates[0],
    ]).toMatchObject([identity, identity, identity, identity]);
    expect(detail.template.template.name).toBe("***REDACTED***");
    expect(validation.findings).toMatchObject([{ code: "secret_in_name" }]);
  });
});

describe("validateTemplate", () => {
  it.each([
    ["as it is", templateText, "duplicate_key"],
    [
      "as it was before its file broke",
      (lines: string) => templateText(lines).replace("name: refund", "name: [7]"),
      "not_a_template",
    ],
  ])(
    "quotes no secret in the validation of a template %s that reading its file dropped",
    async (_how, write, code) => {
      const steps = "steps: [{ name: a, handler: { callable: h }, dependencies: [zq81opaque77] }]";
      const cwd = await folderWith({ "a.yaml": templateText(steps) });
      const { service } = serve({ source: createYamlFolderSource({ patterns: "*.yaml", cwd }) });
      await service.getTemplate(refund);
      await writeFileIn(
        cwd,
        "a.yaml",
        write(`${steps}\nmetadata: { api_key: other, api_key: zq81opaque77 }`),
      );
      await service.refreshTemplate(refund);
      const validation = await service.validateTemplate(refund);
      expect(validation.findings.map((finding) => finding.code)).toEqual(
        expect.arrayContaining([code, "unknown_dependency"]),
      );
      expect(JSON.stringify(validation)).not.toContain("zq81");
    },
  );
});
