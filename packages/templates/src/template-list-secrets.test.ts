import { describe, expect, it } from "vitest";
import { createYamlFolderSource } from "./sources/yaml-folder-source.js";
import { serve } from "./testing/serve.js";
import { definitionOf, folderWith, refund, sourceOf, templateText } from "./testing/templates.js";

describe("listTemplates", () => {
  it("cuts a token that stands alone before the host out of a description", async () => {
    const cwd = await folderWith({
      "a.yaml": templateText(
        "description: Pushes to https://zq81opaque77@git.example/orders\nsteps: []",
      ),
    });
    const list = await serve({
      source: createYamlFolderSource({ patterns: "*.yaml", cwd }),
    }).service.listTemplates();
    expect(list.templates[0]?.description).toBe(
      "Pushes to https://***REDACTED***@git.example/orders",
    );
  });

  it("cuts a secret out of a description", async () => {
    const cwd = await folderWith({
      "a.yaml": templateText(
        "description: Reads postgres://app:hunter2-hunter2@db/orders\nsteps: []",
      ),
    });
    const list = await serve({
      source: createYamlFolderSource({ patterns: "*.yaml", cwd }),
    }).service.listTemplates();
    expect(list.templates[0]?.description).toContain("Reads postgres://");
    expect(JSON.stringify(list)).not.toContain("hunter2");
  });

  it.each([
    "password: correct horse battery staple",
    "token: required",
    "password=hunter2-hunter2 it is",
    "Authorization: Bearer abcdefgh12345678",
    '{"password":"correct"}',
  ])("shows of a description what getTemplate shows of it: %s", async (description) => {
    const cwd = await folderWith({
      "a.yaml": templateText(
        `description: ${JSON.stringify(description)}\nsteps: [{ name: s, handler: { callable: h } }]`,
      ),
    });
    const { service } = serve({ source: createYamlFolderSource({ patterns: "*.yaml", cwd }) });
    const [listed] = (await service.listTemplates()).templates;
    expect(listed?.description).toBe(
      (await service.getTemplate(refund)).template.template.description,
    );
    expect(listed?.description).not.toMatch(/hunter2|abcdefgh/);
  });

  it.each([
    ["itself", "{ api_key: zq81opaque77 }"],
    ["in a URL", "{ url: 'https://app:zq81opaque77@pay.example' }"],
    ["with a line break after it", '{ api_key: "zq81opaque77\\n" }'],
    ["with blanks around it", '{ api_key: "  zq81opaque77 " }'],
    ["in JSON", `{ raw: '{"token":"zq81opaque77"}' }`],
  ])(
    "shows in a description no secret that is elsewhere in its template, %s",
    async (_how, options) => {
      const cwd = await folderWith({
        "a.yaml": templateText(
          `description: Pays with zq81opaque77\nsteps: [{ name: pay, handler: { callable: h, initialization: ${options} } }]`,
        ),
      });
      const { service } = serve({ source: createYamlFolderSource({ patterns: "*.yaml", cwd }) });
      const { templates } = await service.listTemplates();
      expect(templates).toEqual([
        { ...refund, description: "Pays with ***REDACTED***", step_count: 1 },
      ]);
      expect((await service.getTemplate(refund)).template.template.description).toBe(
        templates[0]?.description,
      );
      expect((await service.listTemplates()).templates[0]).toBe(templates[0]);
    },
  );

  it.each([
    ["is given twice", "{ api_key: other, api_key: zq81opaque77 }"],
    ["is given beside a merge", "{ <<: { api_key: zq81opaque77 }, api_key: other }"],
  ])(
    "shows no secret that reading its file dropped, as the key of it %s",
    async (_how, metadata) => {
      const cwd = await folderWith({
        "a.yaml": templateText(
          `description: Pays with zq81opaque77\nsteps: []\nmetadata: ${metadata}`,
        ),
      });
      const { service } = serve({ source: createYamlFolderSource({ patterns: "*.yaml", cwd }) });
      expect((await service.listTemplates()).templates).toEqual([
        { ...refund, description: "Pays with ***REDACTED***", step_count: 0 },
      ]);
      const detail = await service.getTemplate(refund).catch(() => null);
      expect(JSON.stringify(detail)).not.toContain("zq81");
    },
  );

  it("lists only its own fields, whatever a source of the application's own adds", async () => {
    const { definition } = definitionOf(
      templateText("description: Pays with zq81opaque77\nmetadata: { api_key: zq81opaque77 }"),
    );
    const line = {
      ...refund,
      description: "Pays with zq81opaque77",
      step_count: 0,
      definition,
      file: "refund.yaml",
    };
    const { service } = serve({
      source: sourceOf({ list: async () => ({ total: 1, templates: [line] }) }),
    });
    expect((await service.listTemplates()).templates).toEqual([
      { ...refund, description: "Pays with ***REDACTED***", step_count: 0 },
    ]);
  });
});
